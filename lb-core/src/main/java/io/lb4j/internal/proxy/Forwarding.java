package io.lb4j.internal.proxy;

import io.lb4j.exchange.ConnectionInfo;
import io.lb4j.http.FieldName;
import io.lb4j.http.Fields;
import io.lb4j.http.RequestHead;
import io.lb4j.http.ResponseHead;
import io.lb4j.http.Version;
import io.lb4j.internal.snapshot.ForwardingRules;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Makes the heads that one connection's exchanges forward: hop-by-hop fields go, forwarding fields come. What depends on the connection
 * alone is worked out once. Confined to the connection's event loop.
 */
final class Forwarding {
    private final ConnectionInfo connection;
    private final ClientCertificateFields clientCertificate;
    private @Nullable SocketAddress knownAddress; // the address that the two below were worked out for
    private String clientText = "unknown";
    private @Nullable InetAddress client;
    private String localPort = "";

    Forwarding(ConnectionInfo connection) {
        this.connection = connection;
        clientCertificate = new ClientCertificateFields(connection);
    }

    /** Takes away, before plugins see it, what the client means for its connection, and what nobody is to believe of it. */
    void screen(Fields fields, ForwardingRules rules) {
        HopByHop.stripNamed(fields);
        learnAddress();
        if (!isTrusted(rules)) {
            removeXForwarded(fields);
            fields.remove(FieldName.FORWARDED);
            ClientCertificateFields.removeFrom(fields);
        }
    }

    /** Changes a request's head into the one that goes to the endpoint. */
    void prepare(RequestHead head, ForwardingRules rules) {
        HopByHop.strip(head.fields());
        tell(head, rules);
    }

    /** Puts the fields that tell of the client, and of this balancer, into a request's head. */
    void tell(RequestHead head, ForwardingRules rules) {
        Fields fields = head.fields();
        learnAddress();
        boolean trusted = isTrusted(rules);
        if (ClientCertificateFields.concern(fields, rules.clientCertificate())) {
            clientCertificate.prepare(fields, rules.clientCertificate(), trusted);
        }
        if (rules.xForwarded()) {
            addXForwarded(head, trusted);
        } else if (!trusted) {
            removeXForwarded(fields);
        }
        if (rules.forwarded()) {
            addForwarded(head, trusted);
        } else if (!trusted) {
            fields.remove(FieldName.FORWARDED);
        }
        addVia(fields, head.version(), rules.via());
    }

    /** Changes an endpoint's head into the one that goes to the client. */
    void prepare(ResponseHead head, ForwardingRules rules) {
        HopByHop.strip(head.fields());
        addVia(head.fields(), head.version(), rules.via());
    }

    /** Changes trailers into those that are passed on. */
    static void prepare(Fields trailers) {
        HopByHop.strip(trailers);
        ClientCertificateFields.removeFrom(trailers);
    }

    private boolean isTrusted(ForwardingRules rules) {
        InetAddress peer = client;
        return peer != null && rules.trustedProxies().test(peer);
    }

    private void addXForwarded(RequestHead head, boolean trusted) {
        Fields fields = head.fields();
        if (trusted && fields.contains(FieldName.X_FORWARDED_FOR)) {
            fields.set(
                    FieldName.X_FORWARDED_FOR,
                    String.join(", ", fields.values(FieldName.X_FORWARDED_FOR)) + ", " + clientText);
        } else {
            replace(fields, FieldName.X_FORWARDED_FOR, clientText);
        }
        if (!trusted || !fields.contains(FieldName.X_FORWARDED_PROTO)) {
            replace(fields, FieldName.X_FORWARDED_PROTO, head.scheme());
        }
        if (!trusted || !fields.contains(FieldName.X_FORWARDED_HOST)) {
            replace(fields, FieldName.X_FORWARDED_HOST, head.authority());
        }
        if (!trusted || !fields.contains(FieldName.X_FORWARDED_PORT)) {
            replace(fields, FieldName.X_FORWARDED_PORT, localPort);
        }
    }

    /** Nobody is to be told what a stranger says of itself, not even where we say nothing. */
    private static void removeXForwarded(Fields fields) {
        fields.remove(FieldName.X_FORWARDED_FOR);
        fields.remove(FieldName.X_FORWARDED_PROTO);
        fields.remove(FieldName.X_FORWARDED_HOST);
        fields.remove(FieldName.X_FORWARDED_PORT);
    }

    private void addForwarded(RequestHead head, boolean trusted) {
        Fields fields = head.fields();
        String node = clientText.indexOf(':') >= 0 ? "\"[" + clientText + "]\"" : clientText;
        String element = "for=" + node + ";host=" + quoted(head.authority()) + ";proto=" + head.scheme();
        if (trusted && fields.contains(FieldName.FORWARDED)) {
            fields.set(FieldName.FORWARDED, String.join(", ", fields.values(FieldName.FORWARDED)) + ", " + element);
        } else {
            replace(fields, FieldName.FORWARDED, element);
        }
    }

    private static void addVia(Fields fields, Version received, Optional<String> pseudonym) {
        if (pseudonym.isPresent()) {
            String element = viaVersion(received) + " " + pseudonym.get();
            fields.add(FieldName.VIA, element);
        }
    }

    private static String viaVersion(Version version) {
        return switch (version) {
            case HTTP_1_0 -> "1.0";
            case HTTP_1_1 -> "1.1";
            case HTTP_2 -> "2";
            case HTTP_3 -> "3";
        };
    }

    private static void replace(Fields fields, FieldName name, String value) {
        if (fields.contains(name)) {
            fields.set(name, value);
        } else {
            fields.add(name, value);
        }
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    private void learnAddress() {
        SocketAddress address = connection.remoteAddress();
        if (address == knownAddress) {
            return;
        }
        knownAddress = address;
        client = null;
        clientText = "unknown";
        if (address instanceof InetSocketAddress inet && inet.getAddress() != null) {
            client = inet.getAddress();
            clientText = NetUtil.toAddressString(inet.getAddress()); // RFC 5952, and without a zone
        }
        localPort =
                connection.localAddress() instanceof InetSocketAddress local ? Integer.toString(local.getPort()) : "";
    }
}
