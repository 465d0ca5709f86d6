package io.millrace.app.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

class DiskSpaceTest {

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    @TempDir
    private Path folder;

    @Test
    void shouldMeasureTheDiskOfADirectoryThatIsThere() throws IOException {
        // When
        DiskSpace.measure(registry, "store", folder);

        // Then
        assertThat(value("size", "store"))
                .isEqualTo((double) Files.getFileStore(folder).getTotalSpace());
        assertThat(value("free", "store")).isPositive().isLessThanOrEqualTo(value("size", "store"));
    }

    @Test
    void shouldMeasureTheDiskThatADirectoryWouldBeMadeOn() {
        // When
        DiskSpace.measure(registry, "ingest-state", folder.resolve("not/there/yet"));

        // Then
        assertThat(value("size", "ingest-state")).isEqualTo(size());
    }

    @Test
    void shouldRegisterADirectoryOnce() {
        // When
        DiskSpace.measure(registry, "store", folder);
        DiskSpace.measure(registry, "store", folder);

        // Then
        assertThat(registry.getMeters()).hasSize(2);
    }

    private double size() {
        DiskSpace.measure(registry, "reference", folder);
        return value("size", "reference");
    }

    private double value(String what, String directory) {
        return registry.get("millrace.disk." + what + ".bytes")
                .tag("directory", directory)
                .gauge()
                .value();
    }
}
