package io.millrace.app.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.app.broker.EmbeddedBroker;
import io.millrace.evaluator.EvaluatorClients;
import io.millrace.evaluator.TransactionalCheckpoints;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.kafka.Topics;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** A checkpoint that takes longer than the group allows between two polls, on a broker that enforces it. */
class LongEvaluationIT {

    private static final Duration MAX_POLL_INTERVAL = Duration.ofSeconds(2);

    @TempDir
    private Path folder;

    @Test
    void shouldKeepItsPartitionWhileItPollsBesideTheJudgementAndLoseItOtherwise() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder, 0)) {
            KafkaConnection kafka = new KafkaConnection(
                    broker.connection().bootstrapServers(),
                    Map.of("max.poll.interval.ms", Long.toString(MAX_POLL_INTERVAL.toMillis())));
            announceTwice(kafka);
            EvaluatorClients clients = new EvaluatorClients(kafka);
            try (Admin admin = clients.admin();
                    Consumer<String, byte[]> consumer = clients.checkpoints();
                    Producer<String, byte[]> producer = clients.results()) {
                // Given
                TransactionalCheckpoints checkpoints = new TransactionalCheckpoints(kafka, consumer, producer);
                checkpoints.subscribe();
                ConsumerRecord<String, byte[]> first = next(checkpoints);

                // When: it is judged for three intervals
                Instant judged = Instant.now().plus(MAX_POLL_INTERVAL.multipliedBy(3));
                boolean kept = true;
                while (kept && Instant.now().isBefore(judged)) {
                    kept = checkpoints.keeps(first);
                }

                // Then
                assertThat(kept).isTrue();
                assertThat(checkpoints.commit(first, List.of())).isTrue();

                // And: so the interval that the user has set does hold
                ConsumerRecord<String, byte[]> second = next(checkpoints);
                await().until(() -> members(admin) == 0);
                assertThat(checkpoints.commit(second, List.of())).isFalse();
                assertThat(next(checkpoints).offset()).isEqualTo(second.offset());
            }
        }
    }

    private static int members(Admin admin) throws Exception {
        return admin.describeConsumerGroups(List.of(EvaluatorClients.GROUP))
                .describedGroups()
                .get(EvaluatorClients.GROUP)
                .get()
                .members()
                .size();
    }

    private static ConsumerRecord<String, byte[]> next(TransactionalCheckpoints checkpoints) {
        while (true) {
            ConsumerRecords<String, byte[]> records = checkpoints.poll();
            if (!records.isEmpty()) {
                return records.iterator().next();
            }
        }
    }

    private static void announceTwice(KafkaConnection kafka) throws Exception {
        try (Admin admin = Admin.create(kafka.clientProperties());
                var producer = new KafkaProducer<>(
                        kafka.clientProperties(), new StringSerializer(), new ByteArraySerializer())) {
            Topics.createMissing(kafka, admin);
            for (int announcement = 0; announcement < 2; announcement++) {
                producer.send(new ProducerRecord<>(Topics.CHECKPOINTS.name(), "intent", new byte[] {'{', '}'}))
                        .get();
            }
        }
    }
}
