package io.lb4j.benchmarks.protocols;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What idle connections of HTTP/3 keep of this process' memory.
 *
 * @param heapOctets of the heap, for each
 * @param residentOctets of all memory that the system has given the process, for each: heap, buffers, and what quiche allocates
 */
record IdleMemory(long heapOctets, long residentOctets) {
    /** Has another process connect so often, and looks before and after. */
    static IdleMemory of(int port, int connections) throws IOException, InterruptedException {
        long heapBefore = heap();
        long residentBefore = resident();
        Process clients = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        IdleClients.class.getName(),
                        String.valueOf(port),
                        String.valueOf(connections))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader output =
                new BufferedReader(new InputStreamReader(clients.getInputStream(), StandardCharsets.UTF_8))) {
            String line = output.readLine();
            while (line != null && !line.equals(IdleClients.READY)) {
                line = output.readLine();
            }
            if (line == null) {
                throw new IOException("idle clients: ended (expected: " + connections + " connections)");
            }
            return new IdleMemory((heap() - heapBefore) / connections, (resident() - residentBefore) / connections);
        } finally {
            clients.getOutputStream().close();
            clients.waitFor();
        }
    }

    private static long heap() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private static long resident() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
                .findFirst()
                .orElseThrow(() -> new IOException("/proc/self/status: no VmRSS"));
    }
}
