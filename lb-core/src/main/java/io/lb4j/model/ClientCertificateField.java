package io.lb4j.model;

/**
 * How endpoints are told of the certificate that a client has shown. The fields that exist for it are taken out of requests in any case,
 * unless a trusted proxy sent them: nobody else can claim a certificate by writing a field.
 */
public enum ClientCertificateField {
    /** They are not told. */
    NONE,
    /** {@code X-Forwarded-Client-Cert}: {@code Hash=<SHA-256>;Subject="<name>";URI=<name>;DNS=<name>}, as Envoy has it. */
    XFCC,
    /** {@code Client-Cert}: the certificate itself, in DER, as a byte sequence (RFC 9440 §2.1). */
    RFC9440
}
