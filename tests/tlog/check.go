// check reads a journal with Go's own implementation of notes and hash trees (golang.org/x/mod/sumdb), which shares no code with ours.
//
// usage: check VKEY DIR INDEX PROOF     DIR: checkpoint and tiles; PROOF: the tlog-proof of entry INDEX
package main

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func must(err error) {
	if err != nil {
		fmt.Println("error:", err)
		os.Exit(1)
	}
}

// open gives size and root of a checkpoint that the key signed.
func open(text []byte, vkey string) (int64, tlog.Hash) {
	verifier, err := note.NewVerifier(vkey)
	must(err)
	n, err := note.Open(text, note.VerifierList(verifier))
	must(err)
	lines := strings.Split(n.Text, "\n")
	size, err := strconv.ParseInt(lines[1], 10, 64)
	must(err)
	raw, err := base64.StdEncoding.DecodeString(lines[2])
	must(err)
	var root tlog.Hash
	copy(root[:], raw)
	return size, root
}

func path(kind string, n int64, width int64) string {
	name := fmt.Sprintf("%03d", n%1000)
	for n /= 1000; n > 0; n /= 1000 {
		name = fmt.Sprintf("x%03d/%s", n%1000, name)
	}
	if width < 256 {
		name += fmt.Sprintf(".p/%d", width)
	}
	return "tile/" + kind + "/" + name
}

// entries reads every entry of the first size ones.
func entries(dir string, size int64) [][]byte {
	var out [][]byte
	for n := int64(0); n*256 < size; n++ {
		width := size - n*256
		if width > 256 {
			width = 256
		}
		bundle, err := os.ReadFile(filepath.Join(dir, path("entries", n, width)))
		must(err)
		for len(bundle) > 0 {
			length := int(binary.BigEndian.Uint16(bundle))
			out = append(out, bundle[2:2+length])
			bundle = bundle[2+length:]
		}
	}
	return out
}

func main() {
	vkey, dir := os.Args[1], os.Args[2]
	index, err := strconv.ParseInt(os.Args[3], 10, 64)
	must(err)
	text, err := os.ReadFile(filepath.Join(dir, "checkpoint"))
	must(err)
	size, root := open(text, vkey)

	all := entries(dir, size)
	var hashes []tlog.Hash
	reader := tlog.HashReaderFunc(func(at []int64) ([]tlog.Hash, error) {
		out := make([]tlog.Hash, len(at))
		for i, x := range at {
			out[i] = hashes[x]
		}
		return out, nil
	})
	for i, entry := range all {
		more, err := tlog.StoredHashes(int64(i), entry, reader)
		must(err)
		hashes = append(hashes, more...)
	}
	computed, err := tlog.TreeHash(size, reader)
	must(err)
	if computed != root || int64(len(all)) != size {
		fmt.Println("error: the entries do not lead to the signed root")
		os.Exit(1)
	}

	proof, err := os.ReadFile(os.Args[4])
	must(err)
	cut := bytes.Index(proof, []byte("\n\n"))
	proofSize, proofRoot := open(proof[cut+2:], vkey)
	var hashesOf tlog.RecordProof
	for _, line := range strings.Split(string(proof[:cut]), "\n")[2:] {
		raw, err := base64.StdEncoding.DecodeString(line)
		must(err)
		var h tlog.Hash
		copy(h[:], raw)
		hashesOf = append(hashesOf, h)
	}
	must(tlog.CheckRecord(hashesOf, proofSize, proofRoot, index, tlog.RecordHash(all[index])))
	if proofSize < size {
		tree, err := tlog.ProveTree(size, proofSize, reader)
		must(err)
		must(tlog.CheckTree(tree, size, root, proofSize, proofRoot))
	}
	fmt.Printf("ok %d entries, root and proof of entry %d\n", size, index)
}
