package io.millrace.app.chaos;

import io.millrace.app.broker.EmbeddedBroker;
import io.millrace.schemas.kafka.KafkaConnection;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;

/** A process with an embedded broker and nothing but transactions, one after another, until it is killed. */
final class TransactionStorm {

    static final String READY = "transactions begin in life ";
    static final String COMMITTED = "committed";
    static final String TOPIC = "storm";

    /** Many, so that a kill often finds some of them without the marker of a commit. */
    static final int PARTITIONS = 100;

    private static final int TIMEOUT_MS = 5_000;

    private TransactionStorm() {}

    public static void main(String[] args) throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(Path.of(args[0], "broker"), 0)) {
            createTopic(broker.connection());
            try (KafkaProducer<String, byte[]> producer = producer(broker.connection(), args[1])) {
                System.out.println(READY + args[1]);
                while (true) {
                    producer.beginTransaction();
                    for (int partition = 0; partition < PARTITIONS; partition++) {
                        var unused = producer.send(new ProducerRecord<>(TOPIC, partition, "key", new byte[100]));
                    }
                    producer.commitTransaction();
                    System.out.println(COMMITTED);
                }
            }
        }
    }

    private static void createTopic(KafkaConnection kafka) throws InterruptedException, ExecutionException {
        try (Admin admin = Admin.create(kafka.clientProperties())) {
            if (!admin.listTopics().names().get().contains(TOPIC)) {
                admin.createTopics(List.of(new NewTopic(TOPIC, PARTITIONS, (short) 1)))
                        .all()
                        .get();
            }
        }
    }

    /** Each life has a transactional id of its own, so that none ends what an earlier one has left. */
    private static KafkaProducer<String, byte[]> producer(KafkaConnection kafka, String life) {
        Map<String, Object> settings = kafka.clientProperties();
        settings.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, "storm-" + life);
        settings.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, TIMEOUT_MS);
        KafkaProducer<String, byte[]> producer =
                new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer());
        producer.initTransactions();
        return producer;
    }
}
