package io.millrace.app.produce;

import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.kafka.Topic;
import io.millrace.schemas.kafka.Topics;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/** Sends the examples or unlabelled texts of one task as raw bytes, in order. Their readers validate them. */
public final class ExampleProducer implements AutoCloseable {

    private final String topic;
    private final String task;
    private final KafkaProducer<String, byte[]> producer;
    private final SentOffsets acknowledged = new SentOffsets();
    private final AtomicReference<RuntimeException> failure = new AtomicReference<>();

    /** A producer of examples. */
    public ExampleProducer(KafkaConnection kafka, String task) {
        this(kafka, Topics.EXAMPLES, task);
    }

    /** A producer to {@code topic}. */
    public ExampleProducer(KafkaConnection kafka, Topic<?> topic, String task) {
        this.topic = kafka.named(topic.name());
        this.task = task;
        this.producer = new KafkaProducer<>(
                ProducerSettings.idempotent(kafka), new StringSerializer(), new ByteArraySerializer());
    }

    /**
     * Sends one example; it may still be under way on return.
     *
     * @param position where it came from, for the message if it cannot be sent
     * @throws IllegalStateException if one of the examples before it could not be sent
     */
    public void send(byte[] example, List<Header> headers, String position) {
        throwIfFailed();
        ProducerRecord<String, byte[]> sent = new ProducerRecord<>(topic, null, task, example, headers);
        var unused = producer.send(sent, (metadata, problem) -> {
            if (problem == null) {
                acknowledged.add(metadata.partition(), metadata.offset());
            } else {
                failure.compareAndSet(
                        null,
                        new IllegalStateException("cannot send " + position + ": " + problem.getMessage(), problem));
            }
        });
    }

    /** Waits until everything sent so far is acknowledged. */
    public void flush() {
        producer.flush();
        throwIfFailed();
    }

    /** How many examples the broker has acknowledged. */
    public long acknowledged() {
        return acknowledged.count();
    }

    /** Where the acknowledged examples lie. */
    public SentOffsets offsets() {
        return acknowledged;
    }

    /** Does not wait for records in flight; call {@link #flush} first if they matter. */
    @Override
    public void close() {
        producer.close(Duration.ZERO);
    }

    private void throwIfFailed() {
        RuntimeException first = failure.get();
        if (first != null) {
            throw first;
        }
    }
}
