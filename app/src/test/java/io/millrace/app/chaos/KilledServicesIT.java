package io.millrace.app.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.app.broker.EmbeddedBroker;
import io.millrace.app.contract.Topicwise;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.kafka.Topics;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;

/** Ingest, trainer and evaluator, each a process, killed together in every combination while examples flow. */
class KilledServicesIT {

    private static final int EXAMPLES_A_TURN = ChaosStream.BATCH_SIZE * ChaosStream.STEPS_A_CHECKPOINT;
    private static final int LONGEST_DELAY_MS = 2_000;

    @TempDir
    private Path folder;

    private final Map<Service, ChildProcess> running = new EnumMap<>(Service.class);
    private final Recoveries recoveries =
            new Recoveries("ingest, trainer, evaluator killed in combinations, until all is trained and judged");

    private enum Service {
        INGEST,
        TRAINER,
        EVALUATOR
    }

    @AfterEach
    void stop() {
        running.values().forEach(ChildProcess::close);
    }

    @Test
    void shouldTrainAndJudgeEverythingOnceWhicheverServicesAreKilled() throws Exception {
        SplittableRandom random = Chaos.random(KilledServicesIT.class);
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("broker"), 0)) {
            // Given
            KafkaConnection kafka = broker.connection();
            ChaosStream.createTopics(kafka);
            ChaosStream.sendProbes(kafka);
            Path config = ChaosStream.config(folder, kafka, ChaosStream.BY_STEPS_ALONE);
            start(EnumSet.allOf(Service.class), config);

            // When
            long sent = 0;
            for (EnumSet<Service> victims : combinations()) {
                ChaosStream.send(kafka, sent, sent + EXAMPLES_A_TURN);
                sent += EXAMPLES_A_TURN;
                Thread.sleep(random.nextInt(LONGEST_DELAY_MS));
                for (Service victim : victims) {
                    running.get(victim).kill();
                }
                start(victims, config);
                awaitDone(kafka, sent);
            }

            // Then
            ChaosStream.assertProven(kafka, folder.resolve("store"));
            assertThat(Topicwise.records(kafka, Topics.ACCEPTED_EXAMPLES))
                    .hasSize((int) sent * ChaosStream.TASKS.size());
            assertThat(Topicwise.records(kafka, Topics.REJECTED_EXAMPLES)).isEmpty();
            ChaosStream.assertJudgedOnce(kafka);
            recoveries.print();
            assertLeaveWhenAsked();
            assertThat(running.get(Service.INGEST).output()).contains("ingest           received ");
            assertThat(running.get(Service.TRAINER).output()).contains("trained          plain: ");
            assertThat(running.get(Service.EVALUATOR).output()).contains("verdicts         plain: ");
        }
    }

    /** All three; or every combination of one to three. */
    private static List<EnumSet<Service>> combinations() {
        if (!Chaos.EVERY_COMBINATION) {
            return List.of(EnumSet.allOf(Service.class));
        }
        List<EnumSet<Service>> combinations = new ArrayList<>(List.of(EnumSet.noneOf(Service.class)));
        for (Service service : Service.values()) {
            for (EnumSet<Service> without : List.copyOf(combinations)) {
                EnumSet<Service> with = EnumSet.copyOf(without);
                with.add(service);
                combinations.add(with);
            }
        }
        return combinations.subList(1, combinations.size());
    }

    private void start(EnumSet<Service> services, Path config) throws IOException {
        for (Service service : services) {
            String command = service.name().toLowerCase(Locale.ROOT);
            running.put(service, ChildProcess.service(folder.resolve(command + ".log"), command, config));
        }
    }

    private void awaitDone(KafkaConnection kafka, long sent) {
        long startedNanos = System.nanoTime();
        ChaosStream.await(() -> running.values().forEach(ChildProcess::assertAlive), () -> {
            ChaosStream.assertTrained(kafka, sent);
            ChaosStream.assertJudgedOnce(kafka);
        });
        recoveries.over(startedNanos);
    }

    private void assertLeaveWhenAsked() throws InterruptedException {
        Recoveries leaving = new Recoveries("a service asked to stop, until it has left");
        for (ChildProcess process : running.values()) {
            long askedNanos = System.nanoTime();
            assertThat(process.terminate()).as(process::output).isZero();
            leaving.over(askedNanos);
        }
        leaving.print();
    }
}
