package io.lb4j.plugins.jwt;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.impl.BaseJWSProvider;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.util.Base64URL;
import java.io.ByteArrayOutputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.X509EncodedKeySpec;
import java.util.HexFormat;
import java.util.Set;

/** Checks signatures by Ed25519 (RFC 8032, RFC 8037) with the JDK's own cryptography: the library's verifier needs another library. Thread-safe. */
final class EdwardsVerifier extends BaseJWSProvider implements JWSVerifier {
    private static final String NAME = "Ed25519";
    private static final int KEY_OCTETS = 32;

    /** What stands before a key in its DER (RFC 8410 §4). */
    private static final byte[] DER_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");

    private final PublicKey key;

    /**
     * Takes a key over.
     *
     * @throws JOSEException if it is none
     */
    EdwardsVerifier(OctetKeyPair pair) throws JOSEException {
        super(Set.of(JWSAlgorithm.EdDSA));
        ByteArrayOutputStream der = new ByteArrayOutputStream();
        der.writeBytes(DER_PREFIX);
        der.writeBytes(pair.getDecodedX());
        try {
            key = KeyFactory.getInstance(NAME).generatePublic(new X509EncodedKeySpec(der.toByteArray()));
        } catch (GeneralSecurityException e) {
            throw new JOSEException("a key of " + NAME + " cannot be read", e);
        }
    }

    /** Returns whether a key is of this kind. */
    static boolean knows(OctetKeyPair pair) {
        return pair.getCurve().equals(Curve.Ed25519) && pair.getDecodedX().length == KEY_OCTETS;
    }

    @Override
    public boolean verify(JWSHeader header, byte[] signed, Base64URL signature) throws JOSEException {
        if (!JWSAlgorithm.EdDSA.equals(header.getAlgorithm())) {
            return false;
        }
        try {
            Signature check = Signature.getInstance(NAME);
            check.initVerify(key);
            check.update(signed);
            return check.verify(signature.decode());
        } catch (SignatureException e) {
            return false; // it is not even shaped like one
        } catch (GeneralSecurityException e) {
            throw new JOSEException("a signature of " + NAME + " cannot be checked", e);
        }
    }
}
