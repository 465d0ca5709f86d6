package io.millrace.app.models;

import io.millrace.schemas.ModelRequest;
import io.millrace.schemas.RequestOutcome;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.kafka.Topic;
import io.millrace.schemas.kafka.Topics;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;

/** Writes a request by hand and waits for what becomes of it. */
public final class RequestSender {

    private static final Duration POLL = Duration.ofMillis(200);

    private final KafkaConnection kafka;

    /** Sends over this connection. */
    public RequestSender(KafkaConnection kafka) {
        this.kafka = kafka;
    }

    /**
     * Writes a request, and waits for its outcome.
     *
     * @param patience how long to wait at most
     * @return the outcome; empty if no evaluator has executed the request by then: one that runs later will
     */
    public Optional<RequestOutcome> send(ModelRequest request, Duration patience)
            throws ExecutionException, InterruptedException {
        Topic<RequestOutcome> outcomes = kafka.topic(Topics.REQUEST_OUTCOMES);
        Map<String, Object> settings = kafka.clientProperties();
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        try (var consumer = new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(outcomes.name()).stream()
                    .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToEnd(partitions);
            // Finds the ends now, before the request can be executed.
            partitions.forEach(consumer::position);
            write(request);
            long deadlineNanos = System.nanoTime() + patience.toNanos();
            while (System.nanoTime() < deadlineNanos) {
                for (ConsumerRecord<String, byte[]> record : consumer.poll(POLL)) {
                    if (request.task().equals(record.key())) {
                        RequestOutcome outcome =
                                outcomes.valueSerde().deserializer().deserialize(record.topic(), record.value());
                        if (outcome.request().id().equals(request.id())) {
                            return Optional.of(outcome);
                        }
                    }
                }
            }
            return Optional.empty();
        }
    }

    private void write(ModelRequest request) throws ExecutionException, InterruptedException {
        Topic<ModelRequest> requests = kafka.topic(Topics.MODEL_REQUESTS);
        Map<String, Object> settings = kafka.clientProperties();
        settings.put(ProducerConfig.ACKS_CONFIG, "all");
        settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        byte[] value = requests.valueSerde().serializer().serialize(requests.name(), request);
        try (var producer = new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(requests.name(), request.task(), value))
                    .get();
        }
    }
}
