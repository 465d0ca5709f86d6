package io.millrace.app.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.app.broker.EmbeddedBroker;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.store.CheckpointManifest.FileHash;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/** A trainer that is killed again and again ends with the bytes of one that never was. */
@Tag("slow")
class KilledTrainerIT {

    private static final Duration PATIENCE = Duration.ofMinutes(3);
    /** What a life has to train at least: one checkpoint of every task, and something that the kill throws away. */
    private static final int EXAMPLES_A_LIFE = 2 * ChaosStream.BATCH_SIZE * ChaosStream.STEPS_A_CHECKPOINT;

    private static final int EXAMPLES = (Chaos.KILLS + 1) * EXAMPLES_A_LIFE;
    private static final int LONGEST_DELAY_MS = 1_500;

    @TempDir
    private Path folder;

    @Test
    void shouldEndWithTheBytesOfATrainerThatWasNeverKilled() throws Exception {
        // Given
        Map<String, Map<String, FileHash>> expected = neverKilled(folder.resolve("whole"));

        // When
        Map<String, Map<String, FileHash>> killed = killed(folder.resolve("killed"));

        // Then
        assertThat(killed).isEqualTo(expected);
        killed.forEach((task, files) -> assertThat(files).as(task).containsKeys("model.safetensors", "replay.jsonl"));
    }

    private static Map<String, Map<String, FileHash>> neverKilled(Path run) throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(run.resolve("broker"), 0)) {
            KafkaConnection kafka = broker.connection();
            ChaosStream.createTopics(kafka);
            ChaosStream.send(kafka, 0, EXAMPLES);
            Path config = ChaosStream.config(run, kafka, ChaosStream.BY_STEPS_ALONE);
            try (ChildProcess ingest = ChildProcess.service(run.resolve("ingest.log"), "ingest", config);
                    ChildProcess trainer = ChildProcess.service(run.resolve("trainer.log"), "trainer", config)) {
                ChaosStream.awaitTrained(kafka, EXAMPLES, () -> {
                    trainer.assertAlive();
                    ingest.assertAlive();
                });
            }
            return checked(kafka, run.resolve("store"));
        }
    }

    private static Map<String, Map<String, FileHash>> killed(Path run) throws Exception {
        SplittableRandom random = Chaos.random(KilledTrainerIT.class);
        Recoveries recoveries = new Recoveries("trainer killed, until its next checkpoint is announced");
        try (EmbeddedBroker broker = EmbeddedBroker.start(run.resolve("broker"), 0)) {
            KafkaConnection kafka = broker.connection();
            ChaosStream.createTopics(kafka);
            Path config = ChaosStream.config(run, kafka, ChaosStream.BY_STEPS_ALONE);
            try (ChildProcess ingest = ChildProcess.service(run.resolve("ingest.log"), "ingest", config)) {
                for (int life = 0; life < Chaos.KILLS; life++) {
                    ChaosStream.send(kafka, (long) life * EXAMPLES_A_LIFE, (long) (life + 1) * EXAMPLES_A_LIFE);
                    int before = ChaosStream.announcements(kafka).size();
                    try (ChildProcess trainer = ChildProcess.service(run.resolve("trainer.log"), "trainer", config)) {
                        long startedNanos = System.nanoTime();
                        await().atMost(PATIENCE).until(() -> {
                            trainer.assertAlive();
                            return ChaosStream.announcements(kafka).size() > before;
                        });
                        if (life > 0) {
                            recoveries.over(startedNanos);
                        }
                        Thread.sleep(random.nextInt(LONGEST_DELAY_MS));
                        trainer.kill();
                    }
                }
                ChaosStream.send(kafka, (long) Chaos.KILLS * EXAMPLES_A_LIFE, EXAMPLES);
                try (ChildProcess trainer = ChildProcess.service(run.resolve("trainer.log"), "trainer", config)) {
                    ChaosStream.awaitTrained(kafka, EXAMPLES, () -> {
                        trainer.assertAlive();
                        ingest.assertAlive();
                    });
                    assertThat(trainer.terminate()).as(trainer::output).isZero();
                }
            }
            Map<String, Map<String, FileHash>> newest = checked(kafka, run.resolve("store"));
            recoveries.print();
            return newest;
        }
    }

    private static Map<String, Map<String, FileHash>> checked(KafkaConnection kafka, Path store) throws IOException {
        ChaosStream.assertProven(kafka, store);
        Map<String, Map<String, FileHash>> newest = new TreeMap<>();
        for (String task : ChaosStream.TASKS) {
            newest.put(task, ChaosStream.withoutOffsets(ChaosStream.newest(kafka, store, task)));
        }
        return newest;
    }
}
