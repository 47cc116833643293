// Java 17, nothing else.  client.pem: your private key (Ed25519, PKCS#8).
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.Base64;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

public class Query {
    static final String BASE = @BASE@;
    static final String CLIENT = @CLIENT@;
    static final String BODY = @BODY@;
    static final HttpClient HTTP = HttpClient.newHttpClient();

    static String b64url(byte[] data) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(data);
    }

    static String send(HttpRequest.Builder request) throws Exception {
        HttpResponse<String> reply = HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
        if (reply.statusCode() != 200)
            throw new IllegalStateException(reply.statusCode() + " " + reply.body());
        return reply.body();
    }

    /** An assertion signed with your key, exchanged for a token.  Keep the token until it expires. */
    static String token() throws Exception {
        String pem = Files.readString(Path.of("client.pem")).replaceAll("-----[^-]+-----", "");
        var spec = new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(pem));
        long now = Instant.now().getEpochSecond();
        String claims = String.format("{\"iss\":\"%s\",\"sub\":\"%s\",\"aud\":\"%s/oauth/token\",\"jti\":\"%s\",\"iat\":%d,\"exp\":%d}",
            CLIENT, CLIENT, BASE, UUID.randomUUID(), now, now + 120);
        String signed = b64url("{\"alg\":\"EdDSA\"}".getBytes(StandardCharsets.UTF_8)) + "." + b64url(claims.getBytes(StandardCharsets.UTF_8));
        Signature signature = Signature.getInstance("Ed25519");
        signature.initSign(KeyFactory.getInstance("Ed25519").generatePrivate(spec));
        signature.update(signed.getBytes(StandardCharsets.UTF_8));
        String form = "grant_type=client_credentials&client_assertion_type="
            + URLEncoder.encode("urn:ietf:params:oauth:client-assertion-type:jwt-bearer", StandardCharsets.UTF_8)
            + "&client_assertion=" + signed + "." + b64url(signature.sign());
        String answer = send(HttpRequest.newBuilder(URI.create(BASE + "/oauth/token"))
            .header("Content-Type", "application/x-www-form-urlencoded").POST(HttpRequest.BodyPublishers.ofString(form)));
        Matcher found = Pattern.compile("\"access_token\":\"([^\"]+)\"").matcher(answer);
        if (!found.find())
            throw new IllegalStateException(answer);
        return found.group(1);
    }

    public static void main(String[] args) throws Exception {
        // The answer has the state of every value and the receipt of the journal: keep it.
        System.out.println(send(HttpRequest.newBuilder(URI.create(BASE + "/v1/services/@SERVICE@/query"))
            .header("Authorization", "Bearer " + token()).header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(BODY))));
    }
}
