package io.millrace.local.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.local.broker.EmbeddedBroker;
import io.millrace.local.config.ConfigFile;
import io.millrace.local.lineage.LineageCheck;
import io.millrace.local.service.LocalServices;
import io.millrace.schemas.CheckpointManifest.FileHash;
import io.millrace.schemas.KafkaConnection;
import io.millrace.schemas.Topics;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;

/** A trainer that is killed again and again ends with the bytes of one that never was. */
class KilledTrainerIT {

    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final int KILLS = Integer.getInteger("millrace.chaos.kills", 2);
    private static final long SEED = Long.getLong("millrace.chaos.seed", System.nanoTime());
    /** What a life has to train at least: one checkpoint of every task, and something that the kill throws away. */
    private static final int EXAMPLES_A_LIFE = 2 * ChaosStream.BATCH_SIZE * ChaosStream.STEPS_A_CHECKPOINT;

    private static final int EXAMPLES = (KILLS + 1) * EXAMPLES_A_LIFE;
    private static final int LONGEST_DELAY_MS = 1_500;

    @TempDir
    private Path folder;

    @Test
    void shouldEndWithTheBytesOfATrainerThatWasNeverKilled() throws Exception {
        System.out.println(
                "chaos seed " + SEED + "; the same kills: ./mvnw -Pchaos verify -Dmillrace.chaos.seed=" + SEED);

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
            KafkaConnection kafka = withTopics(broker);
            ChaosStream.send(kafka, 0, EXAMPLES);
            try (LocalServices services =
                    LocalServices.start(ConfigFile.read(ChaosStream.config(run, kafka)), new SimpleMeterRegistry())) {
                awaitTrained(kafka, services::alive);
            }
            return checked(kafka, run.resolve("store"));
        }
    }

    private static Map<String, Map<String, FileHash>> killed(Path run) throws Exception {
        SplittableRandom random = new SplittableRandom(SEED);
        try (EmbeddedBroker broker = EmbeddedBroker.start(run.resolve("broker"), 0)) {
            KafkaConnection kafka = withTopics(broker);
            String config = ChaosStream.config(run, kafka).toString();
            try (ChildProcess ingest =
                    ChildProcess.start(run.resolve("ingest.log"), List.of("ingest", "--config", config))) {
                for (int life = 0; life < KILLS; life++) {
                    ChaosStream.send(kafka, (long) life * EXAMPLES_A_LIFE, (long) (life + 1) * EXAMPLES_A_LIFE);
                    int before = ChaosStream.announcements(kafka).size();
                    try (ChildProcess trainer = trainer(run, config)) {
                        await().atMost(PATIENCE).until(() -> {
                            assertThat(trainer.isAlive()).as(trainer::output).isTrue();
                            return ChaosStream.announcements(kafka).size() > before;
                        });
                        Thread.sleep(random.nextInt(LONGEST_DELAY_MS));
                        trainer.kill();
                    }
                }
                ChaosStream.send(kafka, (long) KILLS * EXAMPLES_A_LIFE, EXAMPLES);
                try (ChildProcess trainer = trainer(run, config)) {
                    awaitTrained(kafka, () -> trainer.isAlive() && ingest.isAlive());
                    assertThat(trainer.terminate()).as(trainer::output).isZero();
                }
            }
            return checked(kafka, run.resolve("store"));
        }
    }

    private static ChildProcess trainer(Path run, String config) throws IOException {
        return ChildProcess.start(run.resolve("trainer.log"), List.of("trainer", "--config", config));
    }

    private static KafkaConnection withTopics(EmbeddedBroker broker) throws InterruptedException {
        try (Admin admin = Admin.create(broker.connection().clientProperties())) {
            Topics.createMissing(admin);
        }
        return broker.connection();
    }

    private static void awaitTrained(KafkaConnection kafka, BooleanSupplier alive) {
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(500)).untilAsserted(() -> {
            assertThat(alive.getAsBoolean()).isTrue();
            assertThat(ChaosStream.trained(kafka))
                    .hasSize(ChaosStream.TASKS.size())
                    .allSatisfy((task, count) -> assertThat(count).isEqualTo(EXAMPLES));
        });
    }

    private static Map<String, Map<String, FileHash>> checked(KafkaConnection kafka, Path store) throws IOException {
        Map<String, Map<String, FileHash>> newest = new TreeMap<>();
        for (String task : ChaosStream.TASKS) {
            assertThat(LineageCheck.of(kafka, store, task).faults()).as(task).isEmpty();
            newest.put(task, ChaosStream.newest(kafka, store, task));
        }
        return newest;
    }
}
