package io.millrace.app.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.store.CheckpointManifest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/** From outside: the demo, with its broker in the same process, killed at any moment and started again. */
@Tag("slow")
class KilledDemoIT {

    private static final String CONFIG = "millrace.yaml";
    private static final String TASK = "intent";
    private static final int STEPS = 12;
    private static final int STEPS_A_CHECKPOINT = 4;
    private static final int BATCH_SIZE = 32;
    private static final long PATIENCE_SECONDS = 240;

    /** From before the broker is up to the middle of the stream. */
    private static final int SHORTEST_LIFE_MS = 2_000;

    private static final int LONGEST_LIFE_MS = 14_000;

    @TempDir
    private Path folder;

    @Test
    void shouldEndWithTheModelOfADemoThatWasNeverKilled() throws Exception {
        // Given
        SplittableRandom random = Chaos.random(KilledDemoIT.class);
        CheckpointManifest expected = newestOf(finished(prepared("whole")));

        // When
        Path killed = prepared("killed");
        for (int kill = 0; kill < Chaos.KILLS; kill++) {
            try (ChildProcess demo = start(killed)) {
                Thread.sleep(random.nextInt(SHORTEST_LIFE_MS, LONGEST_LIFE_MS));
                demo.kill();
            }
        }
        Recoveries recoveries =
                new Recoveries("demo killed " + Chaos.KILLS + " times, until a last start has come to its end");
        long lastNanos = System.nanoTime();
        CheckpointManifest newest = newestOf(finished(killed));
        recoveries.over(lastNanos);
        assertProven(killed);

        // Then
        assertThat(newest.step()).isEqualTo(STEPS);
        assertThat(ChaosStream.withoutOffsets(newest.files()))
                .isEqualTo(ChaosStream.withoutOffsets(expected.files()))
                .containsKey("model.safetensors");
        recoveries.print();
    }

    /** The shipped configuration, with a checkpoint every few steps, so that a kill finds any state of one. */
    private Path prepared(String name) throws Exception {
        Path data = Files.createDirectory(folder.resolve(name));
        try (InputStream in = getClass().getResourceAsStream("/io/millrace/app/demo/" + CONFIG)) {
            String shipped = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            Files.writeString(
                    data.resolve(CONFIG),
                    shipped.replace("everySteps: 47", "everySteps: " + STEPS_A_CHECKPOINT)
                            .replace("method: smart", "method: plain")
                            .replace("device: auto", "device: cpu"));
        }
        return data;
    }

    private static ChildProcess start(Path data) throws Exception {
        return ChildProcess.start(
                data.resolveSibling(data.getFileName() + ".log"),
                List.of(
                        "demo",
                        "--data",
                        data.toString(),
                        "--limit",
                        Integer.toString(STEPS * BATCH_SIZE),
                        "--port",
                        "0",
                        "--metrics-port",
                        "0",
                        "--exit-when-done"));
    }

    private static Path finished(Path data) throws Exception {
        try (ChildProcess demo = start(data)) {
            assertThat(demo.await(PATIENCE_SECONDS)).as(demo::output).isZero();
        }
        return data;
    }

    private static void assertProven(Path data) throws Exception {
        List<String> check = List.of("lineage", "check", "--task", TASK, "--data", data.toString());
        try (ChildProcess lineage = ChildProcess.start(data.resolveSibling("lineage.log"), check)) {
            assertThat(lineage.await(PATIENCE_SECONDS)).as(lineage::output).isZero();
        }
    }

    private static CheckpointManifest newestOf(Path data) throws Exception {
        try (Stream<Path> checkpoints = Files.list(data.resolve("store").resolve(TASK))) {
            return CheckpointManifest.readVerified(checkpoints
                    .filter(path -> path.getFileName().toString().startsWith("checkpoint-"))
                    .max(Path::compareTo)
                    .orElseThrow());
        }
    }
}
