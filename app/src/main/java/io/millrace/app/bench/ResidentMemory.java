package io.millrace.app.bench;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Memory of this process as the system counts it, on Linux. */
public final class ResidentMemory {

    private static final Path STATUS = Path.of("/proc/self/status");

    private ResidentMemory() {}

    /** The highest so far in MiB; null where the system does not say. */
    public static @Nullable Long peakMiB() throws IOException {
        return field("VmHWM:");
    }

    /** Now, in MiB; null where the system does not say. */
    public static @Nullable Long nowMiB() throws IOException {
        return field("VmRSS:");
    }

    private static @Nullable Long field(String name) throws IOException {
        if (!Files.isReadable(STATUS)) {
            return null;
        }
        for (String line : Files.readAllLines(STATUS)) {
            if (line.startsWith(name)) {
                return Long.parseLong(line.replaceAll("\\D", "")) / 1024;
            }
        }
        return null;
    }
}
