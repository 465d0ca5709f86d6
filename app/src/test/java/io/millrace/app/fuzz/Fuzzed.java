package io.millrace.app.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** What is fuzzed, and how much of a run's inputs each gets: the cheap ones most. */
enum Fuzzed {
    EXAMPLES(42) {
        @Override
        FuzzTarget target(Path directory) {
            return new ExampleTarget();
        }
    },
    TABLES(8) {
        @Override
        FuzzTarget target(Path directory) {
            return new TableTarget();
        }
    },
    RECORDS(32) {
        @Override
        FuzzTarget target(Path directory) {
            return new RecordTarget();
        }
    },
    MANIFESTS(8) {
        @Override
        FuzzTarget target(Path directory) throws IOException {
            return new ManifestTarget(directory);
        }
    },
    WEIGHTS(8) {
        @Override
        FuzzTarget target(Path directory) {
            return new SafetensorsTarget(directory);
        }
    },
    CONFIGURATIONS(2) {
        @Override
        FuzzTarget target(Path directory) {
            return new ConfigTarget(directory);
        }
    };

    private static final Path ALL = Path.of("target", "fuzz").toAbsolutePath();

    private final int percent;

    Fuzzed(int percent) {
        this.percent = percent;
    }

    long inputs(long ofAll) {
        return ofAll * percent / 100;
    }

    /** The target with a directory of its own. */
    FuzzTarget open() throws IOException {
        return target(Files.createDirectories(folder().resolve("work")));
    }

    /** Where findings are kept. */
    Path folder() {
        return ALL.resolve(name().toLowerCase(Locale.ROOT));
    }

    abstract FuzzTarget target(Path directory) throws IOException;
}
