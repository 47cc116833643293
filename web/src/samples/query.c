/* C with libcurl and OpenSSL 3: cc query.c -lcurl -lcrypto.  client.pem: your private key (Ed25519, PKCS#8). */
#include <curl/curl.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const char base[] = @BASE@;
static const char client[] = @CLIENT@;
static const char body[] = @BODY@;

struct text {
    char p[65536];
    size_t n;
};

static void die(const char *what)
{
    fprintf(stderr, "%s\n", what);
    exit(1);
}

static size_t take(char *data, size_t size, size_t n, void *to)
{
    struct text *t = to;

    if (t->n + size * n >= sizeof t->p)
        return 0;
    memcpy(t->p + t->n, data, size * n);
    t->n += size * n;
    t->p[t->n] = 0;
    return size * n;
}

static void b64url(const void *data, size_t n, char *out)
{
    int len = EVP_EncodeBlock((unsigned char *)out, data, (int)n);

    while (len && out[len - 1] == '=')
        len--;
    out[len] = 0;
    for (; *out; out++)
        *out = *out == '+' ? '-' : *out == '/' ? '_' : *out;
}

static void post(const char *path, const char *type, const char *token, const char *data, struct text *answer)
{
    CURL *c = curl_easy_init();
    struct curl_slist *headers = NULL;
    char url[512], line[4096];
    long status = 0;

    snprintf(url, sizeof url, "%s%s", base, path);
    snprintf(line, sizeof line, "Content-Type: %s", type);
    headers = curl_slist_append(headers, line);
    if (token) {
        snprintf(line, sizeof line, "Authorization: Bearer %s", token);
        headers = curl_slist_append(headers, line);
    }
    curl_easy_setopt(c, CURLOPT_URL, url);
    curl_easy_setopt(c, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(c, CURLOPT_POSTFIELDS, data);
    curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, take);
    curl_easy_setopt(c, CURLOPT_WRITEDATA, answer);
    if (curl_easy_perform(c) != CURLE_OK)
        die("the server does not answer");
    curl_easy_getinfo(c, CURLINFO_RESPONSE_CODE, &status);
    curl_slist_free_all(headers);
    curl_easy_cleanup(c);
    if (status != 200)
        die(answer->p);
}

/* An assertion signed with your key: head.claims.signature */
static void sign(char out[4096])
{
    FILE *f = fopen("client.pem", "r");
    EVP_PKEY *key = f ? PEM_read_PrivateKey(f, NULL, NULL, NULL) : NULL;
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    unsigned char random[16], signature[64];
    size_t n = sizeof signature;
    char claims[1024], jti[32];
    long now = (long)time(NULL);

    if (!key || RAND_bytes(random, sizeof random) != 1)
        die("client.pem cannot be read");
    b64url(random, sizeof random, jti);
    snprintf(claims, sizeof claims, "{\"iss\":\"%s\",\"sub\":\"%s\",\"aud\":\"%s/oauth/token\",\"jti\":\"%s\",\"iat\":%ld,\"exp\":%ld}",
             client, client, base, jti, now, now + 120);
    b64url("{\"alg\":\"EdDSA\"}", 15, out);
    strcat(out, ".");
    b64url(claims, strlen(claims), out + strlen(out));
    if (EVP_DigestSignInit(ctx, NULL, NULL, NULL, key) != 1 ||
        EVP_DigestSign(ctx, signature, &n, (unsigned char *)out, strlen(out)) != 1)
        die("client.pem is no Ed25519 key");
    strcat(out, ".");
    b64url(signature, n, out + strlen(out));
    EVP_MD_CTX_free(ctx);
    EVP_PKEY_free(key);
    fclose(f);
}

int main(void)
{
    static struct text tokens, answer;
    char assertion[4096], form[5000];

    sign(assertion);
    snprintf(form, sizeof form,
             "grant_type=client_credentials&client_assertion_type=urn%%3Aietf%%3Aparams%%3Aoauth%%3Aclient-assertion-type%%3Ajwt-bearer"
             "&client_assertion=%s", assertion);
    post("/oauth/token", "application/x-www-form-urlencoded", NULL, form, &tokens);
    char *token = strstr(tokens.p, "\"access_token\":\"");
    if (!token)
        die("no token in the answer");
    token += strlen("\"access_token\":\"");
    token[strcspn(token, "\"")] = 0;
    post("/v1/services/@SERVICE@/query", "application/json", token, body, &answer);
    puts(answer.p); /* the state of every value and the receipt of the journal: keep it */
    return 0;
}
