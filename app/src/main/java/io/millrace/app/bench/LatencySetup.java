package io.millrace.app.bench;

import io.millrace.app.config.MillraceConfig;
import io.millrace.app.demo.DemoFiles;
import io.millrace.schemas.store.AtomicFile;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

/** The configuration of the demo, with another time between checkpoints and another age of the champion if they are wanted. */
public final class LatencySetup {

    /** No checkpoint because of its steps, only because of its time. */
    private static final String NEVER_BY_STEPS = "everySteps: 1000000000";

    private LatencySetup() {}

    /**
     * The configuration, with the encoder that it names; both are written into a directory.
     *
     * @param every in place of the demo's steps between two checkpoints; absent to keep those
     * @param maxExamples examples after which a champion is replaced by a checkpoint that is no worse; absent to keep the demo's
     */
    public static MillraceConfig write(Path directory, @Nullable Duration every, @Nullable Long maxExamples)
            throws IOException {
        DemoFiles.unpackEncoder(directory);
        String text;
        try (InputStream in = DemoFiles.open(DemoFiles.CONFIG)) {
            text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        if (every != null) {
            text = replaced(text, "everySteps: 47", NEVER_BY_STEPS);
            text = replaced(text, "every: PT1H", "every: " + every);
        }
        if (maxExamples != null) {
            text = replaced(text, "maxExamples: 2500", "maxExamples: " + maxExamples);
        }
        Path file = directory.resolve(DemoFiles.CONFIG);
        AtomicFile.write(file, text);
        return MillraceConfig.read(file);
    }

    private static String replaced(String text, String line, String by) {
        if (!text.contains(line + "\n")) {
            throw new IllegalStateException("the demo's configuration has no line " + line);
        }
        return text.replace(line + "\n", by + "\n");
    }
}
