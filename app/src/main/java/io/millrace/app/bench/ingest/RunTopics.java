package io.millrace.app.bench.ingest;

import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.kafka.Topics;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;

/** The topics of one run: created, filled, watched, and deleted at the end. */
final class RunTopics implements AutoCloseable {

    private final KafkaConnection kafka;
    private final Admin admin;
    private final KafkaProducer<byte[], byte[]> producer;

    private RunTopics(KafkaConnection kafka, Admin admin) {
        this.kafka = kafka;
        this.admin = admin;
        Map<String, Object> settings = kafka.clientProperties();
        settings.put(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 1);
        settings.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        settings.put(ProducerConfig.BATCH_SIZE_CONFIG, 128 << 10);
        this.producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** Creates them. */
    static RunTopics create(KafkaConnection kafka) throws InterruptedException {
        Admin admin = Admin.create(kafka.clientProperties());
        List<String> unused = Topics.createMissing(kafka, admin);
        return new RunTopics(kafka, admin);
    }

    KafkaConnection kafka() {
        return kafka;
    }

    /** Sends records {@code first} to {@code next}, exclusive, as fast as the broker takes them. */
    void fill(ExampleSupply supply, int first, int next) {
        for (int number = first; number < next; number++) {
            send(supply, number);
        }
        producer.flush();
    }

    /** Sends a record without waiting. */
    void send(ExampleSupply supply, int number) {
        var unused = producer.send(
                new ProducerRecord<>(kafka.named(Topics.EXAMPLES.name()), supply.key(number), supply.value(number)));
    }

    /** The partitions of {@code accepted-examples}. */
    List<TopicPartition> output() {
        List<TopicPartition> partitions = new ArrayList<>();
        for (int partition = 0; partition < Topics.ACCEPTED_EXAMPLES.partitions(); partition++) {
            partitions.add(new TopicPartition(kafka.named(Topics.ACCEPTED_EXAMPLES.name()), partition));
        }
        return partitions;
    }

    /**
     * Offsets of {@code accepted-examples} that a reader of committed records can reach: the records, and a marker for each transaction in
     * each partition.
     */
    long committed() throws InterruptedException {
        Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
        output().forEach(partition -> ends.put(partition, OffsetSpec.latest()));
        try {
            return admin
                    .listOffsets(ends, new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
                    .all()
                    .get()
                    .values()
                    .stream()
                    .mapToLong(end -> end.offset())
                    .sum();
        } catch (ExecutionException e) {
            throw new IllegalStateException("cannot ask for the end of accepted-examples: " + e.getCause(), e);
        }
    }

    /** Deletes the topics, those that Kafka Streams has made too. */
    @Override
    public void close() {
        producer.close();
        try (admin) {
            List<String> names = admin.listTopics().names().get().stream()
                    .filter(name -> name.startsWith(kafka.prefix()))
                    .toList();
            admin.deleteTopics(names).all().get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("cannot delete the topics of a run: " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
