package io.millrace.app.produce;

import io.millrace.schemas.kafka.KafkaConnection;
import org.apache.kafka.clients.producer.ProducerConfig;

import java.util.Map;

/** The settings of the producers of the command line. */
final class ProducerSettings {

    /** A text of 10 MB must reach ingest, which then says why it is refused. */
    private static final int MAX_REQUEST_BYTES = 16 << 20;

    /** Large, because only one batch is under way per broker. */
    private static final int BATCH_BYTES = 128 << 10;

    private ProducerSettings() {}

    /** Idempotent, and acknowledged by all: the log holds the records as sent, in order and without gaps. */
    static Map<String, Object> idempotent(KafkaConnection kafka) {
        Map<String, Object> settings = kafka.clientProperties();
        settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        settings.put(ProducerConfig.ACKS_CONFIG, "all");
        settings.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, MAX_REQUEST_BYTES);
        settings.put(ProducerConfig.LINGER_MS_CONFIG, 20);
        // With several in flight, a leader that has just taken over can refuse the first and accept the second. It then
        // refuses the first for ever, as out of order, because it knows nothing of this producer yet.
        settings.put(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 1);
        settings.put(ProducerConfig.BATCH_SIZE_CONFIG, BATCH_BYTES);
        return settings;
    }
}
