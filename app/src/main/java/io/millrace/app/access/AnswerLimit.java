package io.millrace.app.access;

import io.millrace.schemas.kafka.KafkaConnection;
import org.apache.kafka.clients.CommonClientConfigs;

import java.util.Locale;
import java.util.Map;

/**
 * How long a command waits for a broker that does not answer: five seconds, where Kafka's default is a minute. On a slow network
 * {@code default.api.timeout.ms} in {@code kafka.properties} gives it longer.
 *
 * @param ms milliseconds
 */
public record AnswerLimit(int ms) {

    private static final int DEFAULT_MS = 5_000;

    /** The limit of a connection. */
    public static AnswerLimit of(KafkaConnection kafka) {
        String own = kafka.properties().get(CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG);
        return new AnswerLimit(own != null && own.matches("[1-9]\\d{0,8}") ? Integer.parseInt(own) : DEFAULT_MS);
    }

    /** The client settings of a connection, with this limit. */
    public Map<String, Object> settings(KafkaConnection kafka) {
        Map<String, Object> settings = kafka.clientProperties();
        settings.put(CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, ms);
        // A client is refused whose request may take longer than the call.
        settings.put(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, ms);
        return settings;
    }

    /** What to say if none has answered, up to the remedy. */
    public String missed(KafkaConnection kafka) {
        return String.format(
                Locale.ROOT,
                "no broker has answered at %s within %.1f s. Check that it runs",
                kafka.bootstrapServers(),
                ms / 1000.0);
    }
}
