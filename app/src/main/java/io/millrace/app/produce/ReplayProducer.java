package io.millrace.app.produce;

import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.kafka.Topics;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

import java.util.List;
import java.util.Map;

/**
 * Sends rejected records of a task to {@code examples} again, all of them in one transaction: after a failure none was sent. A replay
 * fences off one of the same task that still runs elsewhere, so that no two send the same records.
 */
public final class ReplayProducer implements AutoCloseable {

    /** Start of every transactional id, after the installation's prefix. */
    private static final String TRANSACTIONS = "millrace-replay-";

    private final String topic;
    private final KafkaProducer<String, byte[]> producer;

    /**
     * A record to send.
     *
     * @param key its key
     * @param value its value
     * @param headers its headers
     */
    public record Outgoing(String key, byte[] value, Headers headers) {}

    /** Opens a producer. What is read after that contains everything that earlier replays of this task have sent. */
    public ReplayProducer(KafkaConnection kafka, String task) {
        Map<String, Object> settings = ProducerSettings.idempotent(kafka);
        settings.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, kafka.named(TRANSACTIONS + task));
        topic = kafka.named(Topics.EXAMPLES.name());
        producer = new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer());
        try {
            producer.initTransactions();
        } catch (RuntimeException e) {
            producer.close();
            throw e;
        }
    }

    /** Sends all of them or, if this fails, none. */
    public void send(List<Outgoing> records) {
        producer.beginTransaction();
        for (Outgoing record : records) {
            var unused =
                    producer.send(new ProducerRecord<>(topic, null, record.key(), record.value(), record.headers()));
        }
        producer.commitTransaction();
    }

    @Override
    public void close() {
        producer.close();
    }
}
