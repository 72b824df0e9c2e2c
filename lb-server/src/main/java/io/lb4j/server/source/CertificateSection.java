package io.lb4j.server.source;

import io.lb4j.config.Fault;
import io.lb4j.config.Node;
import io.lb4j.config.Origin;
import io.lb4j.config.PartType;
import java.util.Map;
import java.util.Optional;

/** The section {@code lets_encrypt}, which is {@code acme} for one authority, and accepts its terms. */
final class CertificateSection {
    /** The variable that holds the token for Cloudflare where a file names it alone. */
    static final String CLOUDFLARE_TOKEN = "CLOUDFLARE_API_TOKEN";

    private static final String ACME = "acme";
    private static final String LETS_ENCRYPT = "lets_encrypt";
    private static final String DNS_PROVIDER = "dns_provider";
    private static final String ACCEPT_TERMS = "accept_terms";

    private CertificateSection() {}

    static void rewrite(Rewriting rewriting, Map<String, String> environment) {
        Optional<Node.Entries> letsEncrypt = rewriting
                .takeSection(LETS_ENCRYPT)
                .filter(given -> !Tree.text(given, "enabled").equals(Optional.of("false")));
        if (letsEncrypt.isEmpty()) {
            return;
        }
        Node.Entries given = letsEncrypt.get();
        if (Tree.find(rewriting.root(), ACME).isPresent()) {
            rewriting.report(LETS_ENCRYPT, Fault.Code.CONFLICT, "beside acme", "one of acme, lets_encrypt", given);
            return;
        }
        rewriting.rename(ACME, LETS_ENCRYPT);
        Node.Entries acme = withProvider(typed(given), rewriting, environment);
        if (Tree.find(acme, ACCEPT_TERMS).isEmpty()) {
            acme = Tree.with(acme, Tree.entry(ACCEPT_TERMS, "true", given.origin()));
        }
        rewriting.put(new Node.Entry(ACME, given.origin(), acme));
    }

    private static Node.Entries typed(Node.Entries section) {
        return Tree.with(section, Tree.entry(PartType.TYPE_KEY, ACME, section.origin()));
    }

    /** A provider that is named alone is of use for challenges by DNS only, and then its token has to come from somewhere. */
    private static Node.Entries withProvider(Node.Entries acme, Rewriting rewriting, Map<String, String> environment) {
        Optional<String> provider = Tree.text(acme, DNS_PROVIDER);
        if (provider.isEmpty()) {
            return acme;
        }
        if (!challengesByDns(acme)) {
            return Tree.without(acme, DNS_PROVIDER);
        }
        if (!provider.get().equals("cloudflare")) {
            return acme;
        }
        Node name = Tree.find(acme, DNS_PROVIDER).orElseThrow().value();
        String token = environment.getOrDefault(CLOUDFLARE_TOKEN, "");
        if (token.isEmpty()) {
            String expected = "a token that may edit DNS in that variable of the environment,"
                    + " or dns_provider: {type: cloudflare, api_token: ${file:…}}";
            String path = LETS_ENCRYPT + "." + DNS_PROVIDER;
            rewriting.report(path, Fault.Code.MISSING, CLOUDFLARE_TOKEN + " is not set", expected, name);
            return Tree.without(acme, DNS_PROVIDER, "challenge_type");
        }
        Origin origin = name.origin();
        Node.Entries section = Tree.section(
                origin, Tree.entry(PartType.TYPE_KEY, provider.get(), origin), Tree.entry("api_token", token, origin));
        return Tree.with(acme, new Node.Entry(DNS_PROVIDER, origin, section));
    }

    private static boolean challengesByDns(Node.Entries acme) {
        Node types = Tree.find(acme, "challenge_type").map(Node.Entry::value).orElse(acme);
        if (types instanceof Node.Items items) {
            return items.nodes().stream().anyMatch(CertificateSection::isDns);
        }
        return isDns(types);
    }

    private static boolean isDns(Node type) {
        return type instanceof Node.Scalar scalar && scalar.text().equalsIgnoreCase("dns");
    }
}
