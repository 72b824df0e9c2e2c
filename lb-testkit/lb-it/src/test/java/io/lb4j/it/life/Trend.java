package io.lb4j.it.life;

import io.lb4j.testkit.leak.DirectMemory;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What the process holds after garbage collections, over time. Confined to one thread. */
final class Trend {
    private final long startNanos = System.nanoTime();
    private final List<double[]> samples = new ArrayList<>(); // seconds, octets

    /** Collects garbage and looks. */
    void sample() {
        System.gc();
        long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
        double seconds = (System.nanoTime() - startNanos) / 1e9;
        samples.add(new double[] {seconds, heap + DirectMemory.now().reservedBytes()});
    }

    /** Returns by how many octets it grows in a time, by the line that fits the last three quarters of the samples best (least squares). */
    double growthIn(Duration time) {
        List<double[]> settled = samples.subList(samples.size() / 4, samples.size());
        double meanSeconds = settled.stream().mapToDouble(at -> at[0]).average().orElse(0);
        double meanOctets = settled.stream().mapToDouble(at -> at[1]).average().orElse(0);
        double together = 0;
        double spread = 0;
        for (double[] at : settled) {
            together += (at[0] - meanSeconds) * (at[1] - meanOctets);
            spread += (at[0] - meanSeconds) * (at[0] - meanSeconds);
        }
        return spread == 0 ? 0 : together / spread * time.toSeconds();
    }

    /** Returns by how many octets the last sample is above the lowest of the second quarter. */
    double rise() {
        double settled = samples.subList(samples.size() / 4, samples.size() / 2 + 1).stream()
                .mapToDouble(at -> at[1])
                .min()
                .orElse(0);
        return samples.get(samples.size() - 1)[1] - settled;
    }

    /** Returns the samples in MiB, and by how much they grow in ten minutes. */
    @Override
    public String toString() {
        return samples.stream()
                        .map(at -> String.format(Locale.ROOT, "%.0f s: %.2f", at[0], at[1] / (1 << 20)))
                        .toList()
                + String.format(
                        Locale.ROOT, ", %.3f more in ten minutes", growthIn(Duration.ofMinutes(10)) / (1 << 20));
    }
}
