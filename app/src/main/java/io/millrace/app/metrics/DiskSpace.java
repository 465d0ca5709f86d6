package io.millrace.app.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.ToDoubleFunction;

/**
 * How full the disk of a directory is: {@code millrace.disk.free.bytes}, which this process may still use, and
 * {@code millrace.disk.size.bytes}. Both are read at each scrape, and NaN if the disk cannot be read then.
 */
public final class DiskSpace {

    private DiskSpace() {}

    /**
     * Registers the gauges of a directory. Registering it twice changes nothing.
     *
     * @param name value of the tag {@code directory}
     * @param directory need not exist yet: then the disk counts that it would be made on
     */
    public static void measure(MeterRegistry registry, String name, Path directory) {
        gauge(registry, "millrace.disk.free.bytes", name, directory, store -> bytes(store::getUsableSpace));
        gauge(registry, "millrace.disk.size.bytes", name, directory, store -> bytes(store::getTotalSpace));
    }

    private interface Reading {
        long read() throws IOException;
    }

    private static void gauge(
            MeterRegistry registry, String meter, String name, Path directory, ToDoubleFunction<FileStore> value) {
        Gauge.builder(meter, directory, path -> of(path, value))
                .tag("directory", name)
                .strongReference(true)
                .register(registry);
    }

    private static double of(Path directory, ToDoubleFunction<FileStore> value) {
        Path existing = directory.toAbsolutePath();
        while (!Files.exists(existing) && existing.getParent() != null) {
            existing = existing.getParent();
        }
        try {
            return value.applyAsDouble(Files.getFileStore(existing));
        } catch (IOException | UncheckedIOException e) {
            // A disk that has gone away must not end the scrape, which has all other meters.
            return Double.NaN;
        }
    }

    private static double bytes(Reading reading) {
        try {
            return reading.read();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
