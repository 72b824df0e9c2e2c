package io.lb4j.plugins.jwt;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Somebody who issues tokens, written on the JDK's cryptography alone. */
final class Issuer {
    private enum Kind {
        RSA("RS256", "SHA256withRSA"),
        EC("ES256", "SHA256withECDSAinP1363Format"),
        ED("EdDSA", "Ed25519");

        private final String name;
        private final String signature;

        Kind(String name, String signature) {
            this.name = name;
            this.signature = signature;
        }
    }

    private final String kid;
    private final KeyPair pair;
    private final Kind kind;

    private Issuer(String kid, KeyPair pair, Kind kind) {
        this.kid = kid;
        this.pair = pair;
        this.kind = kind;
    }

    static Issuer rsa(String kid, int bits) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(bits);
            return new Issuer(kid, generator.generateKeyPair(), Kind.RSA);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static Issuer ec(String kid) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return new Issuer(kid, generator.generateKeyPair(), Kind.EC);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static Issuer ed(String kid) {
        try {
            return new Issuer(kid, KeyPairGenerator.getInstance("Ed25519").generateKeyPair(), Kind.ED);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static String jwks(Issuer... issuers) {
        StringBuilder keys = new StringBuilder();
        for (Issuer issuer : issuers) {
            keys.append(keys.isEmpty() ? "" : ",").append(issuer.jwk());
        }
        return "{\"keys\":[" + keys + "]}";
    }

    private String jwk() {
        if (kind == Kind.ED) {
            byte[] der = pair.getPublic().getEncoded();
            return "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"kid\":\"" + kid + "\",\"x\":\""
                    + base64(Arrays.copyOfRange(der, der.length - 32, der.length)) + "\"}";
        }
        if (kind == Kind.RSA) {
            RSAPublicKey key = (RSAPublicKey) pair.getPublic();
            return "{\"kty\":\"RSA\",\"use\":\"sig\",\"kid\":\"" + kid + "\",\"n\":\"" + number(key.getModulus(), 0)
                    + "\",\"e\":\"" + number(key.getPublicExponent(), 0) + "\"}";
        }
        ECPublicKey key = (ECPublicKey) pair.getPublic();
        return "{\"kty\":\"EC\",\"crv\":\"P-256\",\"kid\":\"" + kid + "\",\"x\":\""
                + number(key.getW().getAffineX(), 32) + "\",\"y\":\""
                + number(key.getW().getAffineY(), 32) + "\"}";
    }

    /** Returns the modulus as octets: what a confused verifier would take for a secret. */
    byte[] publicOctets() {
        return pair.getPublic().getEncoded();
    }

    private static String number(BigInteger value, int length) {
        byte[] octets = value.toByteArray();
        int start = octets[0] == 0 ? 1 : 0;
        byte[] fitted = new byte[Math.max(length, octets.length - start)];
        System.arraycopy(octets, start, fitted, fitted.length - octets.length + start, octets.length - start);
        return base64(fitted);
    }

    static String base64(byte[] octets) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(octets);
    }

    String token(String claims) {
        return token("{\"alg\":\"" + kind.name + "\",\"kid\":\"" + kid + "\",\"typ\":\"JWT\"}", claims);
    }

    String token(String head, String claims) {
        String signed = signed(head, claims);
        try {
            Signature signature = Signature.getInstance(kind.signature);
            signature.initSign(pair.getPrivate());
            signature.update(signed.getBytes(StandardCharsets.US_ASCII));
            return signed + "." + base64(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String signed(String head, String claims) {
        return base64(head.getBytes(StandardCharsets.UTF_8)) + "." + base64(claims.getBytes(StandardCharsets.UTF_8));
    }

    static String hmac(byte[] secret, String claims) {
        String signed = signed("{\"alg\":\"HS256\"}", claims);
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret, "HmacSHA256"));
            return signed + "." + base64(mac.doFinal(signed.getBytes(StandardCharsets.US_ASCII)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static String unsigned(String claims) {
        return signed("{\"alg\":\"none\"}", claims) + ".";
    }
}
