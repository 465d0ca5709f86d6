package io.millrace.schemas.kafka;

import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;

import java.util.HashMap;
import java.util.Map;

/**
 * A setting that is no Kafka client's, with references to secrets as in {@code kafka.properties}: <code>${env:NAME}</code>,
 * <code>${file:PATH:KEY}</code> and <code>${dir:PATH:FILE}</code>.
 */
public final class SecretText {

    private SecretText() {}

    /**
     * The text with what its references refer to.
     *
     * @param key the key of the configuration, for messages
     * @param text the text with references, or without any
     * @throws IllegalArgumentException if a reference leads nowhere
     */
    public static String read(String key, String text) {
        Map<String, String> property = Map.of(key, text);
        Map<String, Object> settings = new HashMap<>(property);
        settings.putAll(SecretReferences.providers(property));
        try {
            SecretReferences.check(property, settings);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    String.valueOf(e.getMessage())
                            .replace("kafka.properties.", "")
                            .replace("kafka.properties", key),
                    e);
        }
        return String.valueOf(
                new AbstractConfig(new ConfigDef(), settings, false).originals().get(key));
    }
}
