package io.millrace.app.models;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.app.broker.EmbeddedBroker;
import io.millrace.app.contract.Topicwise;
import io.millrace.evaluator.EvaluatorClients;
import io.millrace.evaluator.TransactionalCheckpoints;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.kafka.Topics;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** An evaluator that was frozen while it executed a request, and another that has taken over its partition. */
class FencedRequestIT {

    @TempDir
    private Path folder;

    @Test
    void shouldLetOnlyTheOwnerOfThePartitionExecuteARequest() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder, 0)) {
            KafkaConnection kafka =
                    new KafkaConnection(broker.connection().bootstrapServers(), Map.of("max.poll.interval.ms", "2000"));
            try (Admin admin = Admin.create(kafka.clientProperties())) {
                Topics.createMissing(kafka, admin);
            }
            EvaluatorClients older = new EvaluatorClients(kafka);
            EvaluatorClients younger = new EvaluatorClients(kafka);
            try (Consumer<String, byte[]> olderConsumer = older.checkpoints();
                    Producer<String, byte[]> olderProducer = older.results();
                    Consumer<String, byte[]> youngerConsumer = younger.checkpoints();
                    Producer<String, byte[]> youngerProducer = younger.results()) {
                // Given
                TransactionalCheckpoints frozen = new TransactionalCheckpoints(kafka, olderConsumer, olderProducer);
                TransactionalCheckpoints next = new TransactionalCheckpoints(kafka, youngerConsumer, youngerProducer);
                TopicPartition partition = owned(frozen);

                // When: the first one does not poll while the other joins
                assertThat(owned(next)).isEqualTo(partition);

                // Then
                assertThat(frozen.owned()).contains(partition);
                assertThat(frozen.commitUnmoved(partition, result("older"))).isFalse();
                assertThat(next.commitUnmoved(partition, result("younger"))).isTrue();
                assertThat(Topicwise.records(kafka, Topics.REQUEST_OUTCOMES))
                        .extracting(record -> new String(record.value(), StandardCharsets.UTF_8))
                        .containsExactly("younger");
            }
        }
    }

    /** Joins the group, and waits until the partition of the task is its own. */
    private static TopicPartition owned(TransactionalCheckpoints checkpoints) {
        checkpoints.subscribe();
        while (checkpoints.owned().isEmpty()
                || !checkpoints.owned().contains(checkpoints.partitionOf(MoodCheckpoints.TASK))) {
            checkpoints.poll();
        }
        return checkpoints.partitionOf(MoodCheckpoints.TASK);
    }

    private static List<ProducerRecord<String, byte[]>> result(String of) {
        return List.of(new ProducerRecord<>(
                Topics.REQUEST_OUTCOMES.name(), MoodCheckpoints.TASK, of.getBytes(StandardCharsets.UTF_8)));
    }
}
