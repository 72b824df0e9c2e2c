package io.lb4j.plugins.registry;

import io.lb4j.testkit.http.Answer;
import io.lb4j.testkit.http.RecordedRequest;
import io.lb4j.testkit.http.ScriptedUpstream;
import io.lb4j.testkit.http.UpstreamExchange;
import io.lb4j.testkit.tls.TestCertificate;
import io.lb4j.testkit.tls.TestCertificates;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;

/** A token service as registries have it: whoever knows the password is given a token for what he asks for, which a registry that trusts the authority believes. */
final class TokenService implements AutoCloseable {
    static final String USER = "reader";
    static final String PASSWORD = "let me in";

    private final TestCertificate signer;
    private final ScriptedUpstream server;

    private TokenService(TestCertificate signer) {
        this.signer = signer;
        this.server =
                ScriptedUpstream.start(script -> script.on("GET", "/token").perform(this::answer));
    }

    static TokenService start(TestCertificates authority) {
        return new TokenService(authority.server("token.test"));
    }

    String realm() {
        return "http://127.0.0.1:" + server.port() + "/token";
    }

    List<RecordedRequest> requests() {
        return server.requests();
    }

    private void answer(UpstreamExchange exchange) throws IOException {
        String expected =
                "Basic " + Base64.getEncoder().encodeToString((USER + ":" + PASSWORD).getBytes(StandardCharsets.UTF_8));
        String given = exchange.request().headers().first("authorization").orElse("");
        if (!given.equals(expected)) {
            exchange.answer(Answer.status(401).body("{\"details\":\"incorrect username or password\"}"));
            return;
        }
        String target = URLDecoder.decode(exchange.request().target(), StandardCharsets.UTF_8);
        String[] scope =
                target.substring(target.indexOf("scope=") + "scope=".length()).split(":", 3);
        String token = token(scope[1], scope[2].split(",", -1));
        exchange.answer(Answer.status(200).body("{\"token\":\"" + token + "\",\"expires_in\":300}"));
    }

    /** Returns a token for a repository. */
    String token(String repository, String... actions) {
        long now = Instant.now().getEpochSecond();
        String listed = Arrays.stream(actions).map(each -> "\"" + each + "\"").collect(Collectors.joining(","));
        String claims = "{\"iss\":\"test\",\"sub\":\"" + USER + "\",\"aud\":\"registry\",\"exp\":" + (now + 600)
                + ",\"nbf\":" + (now - 60) + ",\"iat\":" + now + ",\"jti\":\"" + System.nanoTime()
                + "\",\"access\":[{\"type\":\"repository\",\"name\":\"" + repository + "\",\"actions\":[" + listed
                + "]}]}";
        try {
            String leaf = Base64.getEncoder().encodeToString(signer.leaf().getEncoded());
            String head = "{\"typ\":\"JWT\",\"alg\":\"ES256\",\"x5c\":[\"" + leaf + "\"]}";
            String signed =
                    url(head.getBytes(StandardCharsets.UTF_8)) + "." + url(claims.getBytes(StandardCharsets.UTF_8));
            Signature signature = Signature.getInstance("SHA256withECDSAinP1363Format");
            signature.initSign(signer.key());
            signature.update(signed.getBytes(StandardCharsets.US_ASCII));
            return signed + "." + url(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String url(byte[] octets) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(octets);
    }

    @Override
    public void close() {
        server.close();
    }
}
