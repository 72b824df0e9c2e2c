package io.lb4j.acme.model;

import io.lb4j.config.Fault;
import io.lb4j.config.Option;
import io.lb4j.config.Scope;
import io.lb4j.config.Settings;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What is checked of certificates beyond each option for itself. */
final class AcmeRules {
    private AcmeRules() {}

    static void requireNames(Settings settings, Scope scope) {
        boolean hasNames = settings.isFaulty(AcmeOptions.DOMAINS)
                || settings.find(AcmeOptions.DOMAINS)
                        .filter(names -> !names.isEmpty())
                        .isPresent()
                || settings.isSet(AcmeOptions.CERTIFICATES)
                || settings.isSet(AcmeOptions.ON_DEMAND);
        if (!hasNames) {
            scope.at(AcmeOptions.DOMAINS.name())
                    .report(
                            Fault.Code.MISSING,
                            "missing",
                            "at least one name, here or in certificates; or on_demand",
                            settings.origin(AcmeOptions.DOMAINS));
        }
    }

    static void requireDistinctCertificates(Settings settings, Scope scope) {
        Set<String> keys = new HashSet<>();
        for (CertificateNames one : certificatesOf(settings)) {
            if (!keys.add(one.key())) {
                report(scope, settings, Fault.Code.DUPLICATE, one.toString(), "each certificate once");
            }
        }
    }

    static void requireFittingChallenges(Settings settings, Scope scope) {
        Optional<List<ChallengeType>> types = settings.find(AcmeOptions.CHALLENGE_TYPE);
        if (types.isEmpty()) {
            return;
        }
        boolean overDns = types.get().contains(ChallengeType.DNS);
        boolean onlyDns = types.get().stream().allMatch(ChallengeType.DNS::equals);
        for (CertificateNames one : certificatesOf(settings)) {
            for (DomainName name : one.names()) {
                if (name.isWildcard() && !overDns) {
                    String expected = "a wildcard together with challenge_type dns, the only one that is good for it";
                    report(scope, settings, Fault.Code.CONFLICT, name.text(), expected);
                }
                if (name.isAddress() && onlyDns) {
                    String expected = "an IP address together with challenge_type http or tls-alpn";
                    report(scope, settings, Fault.Code.CONFLICT, name.text(), expected);
                }
            }
        }
    }

    static void requireDnsProvider(Settings settings, Scope scope) {
        boolean overDns = settings.find(AcmeOptions.CHALLENGE_TYPE)
                .filter(types -> types.contains(ChallengeType.DNS))
                .isPresent();
        if (overDns && !settings.isSet(AcmeOptions.DNS_PROVIDER)) {
            scope.at(AcmeOptions.DNS_PROVIDER.name())
                    .report(
                            Fault.Code.MISSING,
                            "missing",
                            "a provider, for challenge_type dns",
                            settings.origin(AcmeOptions.CHALLENGE_TYPE));
        }
    }

    private static void report(Scope scope, Settings settings, Fault.Code code, String seen, String expected) {
        Option<?> place = settings.isSet(AcmeOptions.DOMAINS) ? AcmeOptions.DOMAINS : AcmeOptions.CERTIFICATES;
        scope.at(place.name()).report(code, "\"" + seen + "\"", expected, settings.origin(place));
    }

    /** What can be read; a faulty option has been reported for itself. */
    private static List<CertificateNames> certificatesOf(Settings settings) {
        List<CertificateNames> all = new ArrayList<>();
        settings.find(AcmeOptions.DOMAINS)
                .ifPresent(names -> names.forEach(name -> all.add(CertificateNames.of(name))));
        settings.find(AcmeOptions.CERTIFICATES)
                .ifPresent(sections -> sections.forEach(one -> one.find(AcmeOptions.NAMES)
                        .filter(names -> !names.isEmpty())
                        .ifPresent(names -> all.add(new CertificateNames(names)))));
        return all;
    }
}
