package io.lb4j.examples.embedding;

import io.lb4j.spi.BalancePolicy;
import io.lb4j.spi.Candidate;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A balance policy of one's own: requests stay in one zone while an endpoint there has room, and go elsewhere only then. Within a zone the one with the
 * fewest requests under way is picked.
 *
 * <p>As a record it equals another one that says the same, so that an update of the configuration leaves the cluster as it is.
 *
 * @param zone whose endpoints come first, by their metadata {@code zone}
 * @param room how many requests one of them may have under way before others are asked
 */
public record NearestZone(String zone, int room) implements BalancePolicy {
    @Override
    public String name() {
        return "nearest_zone";
    }

    /** Called when the set of endpoints changes: what does not change with each request is worked out here. */
    @Override
    public Picker picker(List<Candidate> candidates) {
        List<Integer> near = inZone(candidates, true);
        List<Integer> far = inZone(candidates, false);
        return exchange -> {
            int nearest = idlest(candidates, near);
            boolean hasRoom = nearest >= 0 && candidates.get(nearest).inFlight() < room;
            int other = hasRoom ? -1 : idlest(candidates, far);
            return other < 0 ? nearest : other;
        };
    }

    private List<Integer> inZone(List<Candidate> candidates, boolean wanted) {
        return IntStream.range(0, candidates.size())
                .filter(i ->
                        candidates.get(i).endpoint().zone().filter(zone::equals).isPresent() == wanted)
                .boxed()
                .toList();
    }

    private static int idlest(List<Candidate> candidates, List<Integer> among) {
        int best = -1;
        for (int i : among) {
            if (best < 0 || candidates.get(i).inFlight() < candidates.get(best).inFlight()) {
                best = i;
            }
        }
        return best;
    }
}
