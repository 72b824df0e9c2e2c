package io.lb4j.plugins.registry.sign;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lb4j.plugins.registry.oci.Json;
import io.lb4j.plugins.registry.oci.RegistryException;
import io.lb4j.plugins.registry.oci.RegistryException.Reason;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** A document with its signatures in one file, as DSSE has it (Dead Simple Signing Envelope, 1.0): the signatures cover the document's type as well. */
public final class SignedEnvelope {
    private static final int MOST_SIGNATURES = 64;

    private SignedEnvelope() {}

    /**
     * Signs a document.
     *
     * @param type of the document, as a media type
     * @param signers by the names that readers may know them by
     * @return the file
     */
    public static byte[] seal(byte[] document, String type, Map<String, SigningKey> signers) {
        ObjectNode envelope = Json.mapper().createObjectNode();
        envelope.put("payload", Base64.getEncoder().encodeToString(document));
        envelope.put("payloadType", type);
        ArrayNode signatures = envelope.putArray("signatures");
        byte[] message = message(document, type);
        signers.forEach((name, key) -> signatures
                .addObject()
                .put("keyid", name)
                .put("sig", Base64.getEncoder().encodeToString(key.sign(message))));
        return Json.write(envelope);
    }

    /**
     * Returns a document that one of some publishers has signed.
     *
     * @param type that it has to have
     * @throws RegistryException if nobody of them has, or it cannot be read
     */
    public static byte[] open(byte[] envelope, String type, List<TrustedKey> keys) throws RegistryException {
        JsonNode node = Json.object(envelope, "envelope");
        String found = Json.text(node, "payloadType").orElse("");
        if (!found.equals(type)) {
            throw new RegistryException(Reason.MALFORMED, "envelope: type \"" + found + "\" (expected: " + type + ")");
        }
        JsonNode signatures = node.path("signatures");
        if (signatures.size() == 0 || signatures.size() > MOST_SIGNATURES) {
            throw new RegistryException(
                    Reason.UNSIGNED,
                    "envelope: " + signatures.size() + " signatures (expected: 1.." + MOST_SIGNATURES + ")");
        }
        byte[] document = decoded(node.path("payload").asText());
        byte[] message = message(document, type);
        for (JsonNode each : signatures) {
            byte[] signature = decoded(each.path("sig").asText());
            if (keys.stream().anyMatch(key -> key.hasSigned(message, signature))) {
                return document;
            }
        }
        throw new RegistryException(Reason.WRONG_SIGNATURE, "envelope: (expected: signed by one of " + keys + ")");
    }

    private static byte[] decoded(String text) throws RegistryException {
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw new RegistryException(Reason.MALFORMED, "envelope: (expected: base64)", e);
        }
    }

    /** Returns what is signed: the pre-authentication encoding. */
    private static byte[] message(byte[] document, String type) {
        byte[] kind = type.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        message.writeBytes(("DSSEv1 " + kind.length + " ").getBytes(StandardCharsets.US_ASCII));
        message.writeBytes(kind);
        message.writeBytes((" " + document.length + " ").getBytes(StandardCharsets.US_ASCII));
        message.writeBytes(document);
        return message.toByteArray();
    }
}
