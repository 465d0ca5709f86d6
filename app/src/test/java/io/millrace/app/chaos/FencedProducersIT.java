package io.millrace.app.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.app.broker.EmbeddedBroker;
import io.millrace.app.config.MillraceConfig;
import io.millrace.app.service.LocalServices;
import io.millrace.schemas.kafka.KafkaConnection;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TransactionListing;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutionException;

/** Producers that the broker has given up, as it does with those that were cut off during a transaction. */
class FencedProducersIT {

    private static final int EXAMPLES_A_TURN = ChaosStream.BATCH_SIZE * ChaosStream.STEPS_A_CHECKPOINT;

    @TempDir
    private Path folder;

    @Test
    void shouldGoOnWithOtherProducersAndDoEverythingOnce() throws Exception {
        Recoveries recoveries = new Recoveries("every producer fenced, until the next examples are trained and judged");
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("broker"), 0)) {
            // Given
            KafkaConnection kafka = broker.connection();
            ChaosStream.createTopics(kafka);
            ChaosStream.sendProbes(kafka);
            MillraceConfig config = MillraceConfig.read(ChaosStream.config(folder, kafka, ChaosStream.BY_STEPS_ALONE));
            try (LocalServices services = LocalServices.start(config, new SimpleMeterRegistry())) {
                awaitJudged(kafka, EXAMPLES_A_TURN, services);

                // When
                fenceProducers(kafka);
                long fencedNanos = System.nanoTime();

                // Then
                awaitJudged(kafka, 2 * EXAMPLES_A_TURN, services);
                recoveries.over(fencedNanos);
            }
            ChaosStream.assertProven(kafka, config.store());
            recoveries.print();
        }
    }

    private static void awaitJudged(KafkaConnection kafka, int examples, LocalServices services) {
        ChaosStream.send(kafka, examples - EXAMPLES_A_TURN, examples);
        ChaosStream.await(ChaosStream.running(services), () -> {
            ChaosStream.assertTrained(kafka, examples);
            ChaosStream.assertJudgedOnce(kafka);
        });
    }

    /** Those of ingest, of every task's trainer and of the evaluator. */
    private static void fenceProducers(KafkaConnection kafka) throws ExecutionException, InterruptedException {
        try (Admin admin = Admin.create(kafka.clientProperties())) {
            List<String> ids = admin.listTransactions().all().get().stream()
                    .map(TransactionListing::transactionalId)
                    .toList();
            assertThat(ids)
                    .filteredOn(id -> id.matches("millrace-(ingest|trainer|evaluator)-.+"))
                    .hasSize(2 + ChaosStream.TASKS.size());
            admin.fenceProducers(ids).all().get();
        }
    }
}
