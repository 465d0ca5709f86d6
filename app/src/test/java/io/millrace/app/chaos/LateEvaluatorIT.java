package io.millrace.app.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.app.broker.EmbeddedBroker;
import io.millrace.schemas.kafka.KafkaConnection;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** An evaluator that comes, or is, later than a trainer that keeps three checkpoints. */
@Tag("slow")
class LateEvaluatorIT {

    private static final int KEPT = 3;
    private static final int EXAMPLES_A_CHECKPOINT = ChaosStream.BATCH_SIZE * ChaosStream.STEPS_A_CHECKPOINT;
    private static final int EARLY = 7;
    private static final int LATE = 2;

    @TempDir
    private Path folder;

    @Test
    void shouldFindEveryCheckpointThatItHasNotJudged() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("broker"), 0)) {
            // Given
            KafkaConnection kafka = broker.connection();
            ChaosStream.createTopics(kafka);
            ChaosStream.sendProbes(kafka);
            Path config = ChaosStream.config(folder, kafka, ChaosStream.BY_STEPS_ALONE);
            try (ChildProcess ingest = ChildProcess.service(folder.resolve("ingest.log"), "ingest", config);
                    ChildProcess trainer = ChildProcess.service(folder.resolve("trainer.log"), "trainer", config)) {
                Runnable alive = () -> {
                    ingest.assertAlive();
                    trainer.assertAlive();
                };
                ChaosStream.send(kafka, 0, EARLY * EXAMPLES_A_CHECKPOINT);
                ChaosStream.awaitTrained(kafka, EARLY * EXAMPLES_A_CHECKPOINT, alive);

                // When
                try (ChildProcess evaluator =
                        ChildProcess.service(folder.resolve("evaluator.log"), "evaluator", config)) {
                    ChaosStream.await(evaluator::assertAlive, () -> ChaosStream.assertJudgedOnce(kafka));
                    ChaosStream.send(kafka, EARLY * EXAMPLES_A_CHECKPOINT, (EARLY + LATE) * EXAMPLES_A_CHECKPOINT);
                    ChaosStream.awaitTrained(kafka, (EARLY + LATE) * EXAMPLES_A_CHECKPOINT, alive);
                    ChaosStream.await(evaluator::assertAlive, () -> ChaosStream.assertJudgedOnce(kafka));
                }

                // Then what is judged goes: there are those to fall back on, and those that the trainer thought to be
                // waiting
                for (String task : ChaosStream.TASKS) {
                    assertThat(checkpoints(task)).as(task).isBetween((long) KEPT, (long) KEPT + LATE);
                }
                ChaosStream.assertProven(kafka, folder.resolve("store"));
            }
        }
    }

    private long checkpoints(String task) throws IOException {
        try (Stream<Path> children = Files.list(folder.resolve("store").resolve(task))) {
            return children.filter(child -> child.getFileName().toString().startsWith("checkpoint-"))
                    .count();
        }
    }
}
