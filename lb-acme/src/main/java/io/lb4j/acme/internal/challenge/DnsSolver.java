package io.lb4j.acme.internal.challenge;

import io.lb4j.acme.dns.DnsProvider;
import io.lb4j.acme.dns.TxtRecord;
import io.lb4j.acme.internal.lookup.Propagation;
import io.lb4j.acme.model.AcmeFailure;
import io.lb4j.acme.model.ChallengeType;
import io.lb4j.acme.model.DomainName;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers by DNS (DNS-01, RFC 8555 §8.4): with a TXT record, put where aliases of the name lead to, or where it was said. Thread-safe. */
public final class DnsSolver implements Solver {
    private static final Logger logger = LoggerFactory.getLogger(DnsSolver.class);
    private static final String LABEL = "_acme-challenge.";

    private final DnsProvider provider;
    private final Propagation propagation;
    private final Optional<String> fixedName;
    private final Map<Proof, TxtRecord> records = new ConcurrentHashMap<>();

    /**
     * Creates a solver.
     *
     * @param fixedName where all records go, in place of where aliases lead
     */
    public DnsSolver(DnsProvider provider, Propagation propagation, Optional<String> fixedName) {
        this.provider = provider;
        this.propagation = propagation;
        this.fixedName = fixedName;
    }

    @Override
    public ChallengeType type() {
        return ChallengeType.DNS;
    }

    @Override
    public boolean isFor(DomainName name) {
        return !name.isAddress();
    }

    @Override
    public void present(Proof proof) throws AcmeFailure, InterruptedException {
        try {
            String name = LABEL + proof.name().text();
            TxtRecord record =
                    new TxtRecord(fixedName.isPresent() ? fixedName.get() : propagation.target(name), proof.record());
            records.put(proof, record);
            provider.add(record);
        } catch (IOException e) {
            throw failure(proof, "the TXT record cannot be added", e);
        }
    }

    @Override
    public void await(List<Proof> proofs) throws AcmeFailure, InterruptedException {
        for (Proof proof : proofs) {
            TxtRecord record = records.get(proof);
            if (record != null) {
                try {
                    propagation.await(record.name(), record.value());
                } catch (IOException e) {
                    throw failure(proof, "the challenge is not ready", e);
                }
            }
        }
    }

    private static AcmeFailure failure(Proof proof, String what, IOException e) {
        String message = proof.name() + ": " + what + ": " + e.getMessage() + "; tried again later";
        return new AcmeFailure(AcmeFailure.Kind.LOCAL, message, e);
    }

    @Override
    public void withdraw(Proof proof) {
        TxtRecord record = records.remove(proof);
        if (record == null) {
            return;
        }
        try {
            provider.remove(record);
        } catch (IOException e) {
            logger.warn("{}: the TXT record at {} is left behind: {}", proof.name(), record.name(), e.getMessage());
        } catch (InterruptedException e) {
            logger.warn(
                    "{}: the TXT record at {} is left behind, because the balancer closes",
                    proof.name(),
                    record.name());
            Thread.currentThread().interrupt();
        }
    }
}
