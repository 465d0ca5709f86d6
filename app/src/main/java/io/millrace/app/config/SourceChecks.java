package io.millrace.app.config;

import io.millrace.ingest.IngestConfig;
import io.millrace.ingest.IngestService;
import io.millrace.ingest.source.SourceConfig;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.kafka.Topic;
import io.millrace.schemas.kafka.Topics;

import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** What sources must have in common with the rest of the configuration. */
final class SourceChecks {

    /** It is part of the names of steps and of ids. */
    private static final Pattern NAME = Pattern.compile("[a-z0-9_-]{1,64}");

    private SourceChecks() {}

    static void check(
            KafkaConnection kafka, IngestConfig ingest, Map<String, SourceConfig> sources, Set<String> tasks) {
        sources.forEach((name, source) -> {
            String key = "sources." + name;
            require(
                    NAME.matcher(name).matches(),
                    key + " must be named by lower-case letters, digits, - and _, at most 64");
            require(source != null, key + " must be a mapping of keys, got nothing");
            require(
                    source.task().isEmpty() || tasks.contains(source.task()),
                    key + ".task must be one of the tasks " + String.join(", ", tasks) + ", got \"" + source.task()
                            + "\"");
            require(
                    !source.needsRegistry() || !ingest.registry().url().isEmpty(),
                    "ingest.registry.url must name the schema registry, because " + key
                            + " has a format with schemas, got nothing");
            source.topics()
                    .forEach(topic -> require(
                            !isOurs(kafka, topic),
                            key + " must name topics of others, got \"" + topic
                                    + "\", which is one of this installation"));
        });
    }

    private static boolean isOurs(KafkaConnection kafka, String topic) {
        return Topics.ALL.stream().map(Topic::name).map(kafka::named).anyMatch(topic::equals)
                || topic.startsWith(kafka.named(IngestService.APPLICATION_ID) + "-");
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }
}
