package io.millrace.app.doctor;

import com.sun.management.OperatingSystemMXBean;
import io.millrace.app.console.Bytes;

import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Set;

/** The Java virtual machine and the memory that it and PyTorch can have. */
final class MachineChecks {

    /** Less than this beside the heap is too little even for the shipped encoder. */
    private static final long BESIDE_HEAP_BYTES = 1L << 30;

    private static final Set<String> BUILT_FOR = Set.of("amd64", "x86_64");

    private MachineChecks() {}

    static List<Finding> run() {
        OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        return List.of(
                java(Runtime.version().toString(), System.getProperty("os.name"), System.getProperty("os.arch")),
                memory(Runtime.getRuntime().maxMemory(), system.getTotalMemorySize()));
    }

    static Finding java(String version, String system, String architecture) {
        String found = version + " on " + system + " " + architecture;
        return system.equals("Linux") && BUILT_FOR.contains(architecture)
                ? Finding.ok("java", found)
                : Finding.warn(
                        "java",
                        found
                                + ": Millrace comes with PyTorch for Linux x86-64 only. Use that, or give PyTorch's library"
                                + " for this machine as docs/encoder.md says.");
    }

    /** {@code heapBytes}: what the heap may grow to; {@code machineBytes}: the memory of the machine or the container. */
    static Finding memory(long heapBytes, long machineBytes) {
        String found = "heap of at most " + Bytes.words(heapBytes) + " of the machine's " + Bytes.words(machineBytes);
        return machineBytes - heapBytes >= BESIDE_HEAP_BYTES
                ? Finding.ok("memory", found)
                : Finding.warn(
                        "memory",
                        found + ": weights, gradients and optimizer state need at least "
                                + Bytes.words(BESIDE_HEAP_BYTES)
                                + " beside the heap. Give the machine more, or the heap less with MILLRACE_JAVA_OPTS=-Xmx512m.");
    }
}
