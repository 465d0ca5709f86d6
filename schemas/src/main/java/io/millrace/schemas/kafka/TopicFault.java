package io.millrace.schemas.kafka;

import org.apache.kafka.common.config.TopicConfig;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A fault in the configuration of a topic that was created beforehand, usually with the cluster's defaults.
 *
 * @param topic its name
 * @param setting the setting
 * @param expected a valid value, as {@code kafka-configs.sh} takes it
 * @param got the value that it has
 * @param why the consequence
 * @param severe whether indispensable records would be lost, so that no service may start
 */
public record TopicFault(String topic, String setting, String expected, String got, String why, boolean severe) {

    private static final String UNLIMITED = "-1";

    /** Everything that is wrong with {@code topic} if it has this configuration; settings that are absent are not judged. */
    static List<TopicFault> of(Topic<?> topic, Map<String, String> config) {
        List<TopicFault> faults = new ArrayList<>();
        switch (topic.keeps()) {
            case EVERYTHING -> {
                checkPolicy(topic, config, faults);
                checkForEver(topic, config, TopicConfig.RETENTION_MS_CONFIG, faults);
                checkForEver(topic, config, TopicConfig.RETENTION_BYTES_CONFIG, faults);
                checkSize(topic, config, true, faults);
            }
            case THE_NEWEST -> {
                checkPolicy(topic, config, faults);
                checkSize(topic, config, true, faults);
            }
            case A_WEEK, A_WEEK_OF_ANYTHING -> {
                checkPolicy(topic, config, faults);
                checkWeek(topic, config, faults);
                checkSize(topic, config, false, faults);
            }
        }
        return faults;
    }

    /** All faults in one line, and the commands that mend them. */
    static String describe(List<TopicFault> faults, String bootstrapServer) {
        Map<String, String> settings = faults.stream()
                .collect(Collectors.groupingBy(
                        TopicFault::topic,
                        LinkedHashMap::new,
                        Collectors.mapping(TopicFault::assignment, Collectors.joining(","))));
        String commands = settings.entrySet().stream()
                .map(topic -> command(bootstrapServer, topic.getKey(), topic.getValue()))
                .collect(Collectors.joining("; "));
        return faults.stream().map(TopicFault::toString).collect(Collectors.joining("; ")) + ". Run: " + commands;
    }

    @Override
    public String toString() {
        return "topic " + topic + ": " + setting + " must be " + expected + ", got " + got + " (" + why + ")";
    }

    /** The command that mends this fault alone. */
    public String command(String bootstrapServer) {
        return command(bootstrapServer, topic, assignment());
    }

    private static String command(String bootstrapServer, String topic, String assignments) {
        return "kafka-configs.sh --bootstrap-server " + bootstrapServer + " --alter --entity-type topics --entity-name "
                + topic + " --add-config " + assignments;
    }

    private String assignment() {
        return setting + "=" + expected;
    }

    private static void checkPolicy(Topic<?> topic, Map<String, String> config, List<TopicFault> faults) {
        String policy = config.get(TopicConfig.CLEANUP_POLICY_CONFIG);
        String expected = topic.keeps().cleanupPolicy();
        if (policy == null || policies(policy).equals(Set.of(expected))) {
            return;
        }
        String why = expected.equals(TopicConfig.CLEANUP_POLICY_COMPACT)
                ? "records that are still valid would be deleted by their age"
                : "all but the newest record of each task would be removed";
        faults.add(new TopicFault(topic.name(), TopicConfig.CLEANUP_POLICY_CONFIG, expected, policy, why, true));
    }

    private static Set<String> policies(String value) {
        return Arrays.stream(value.split(","))
                .map(String::strip)
                .filter(policy -> !policy.isEmpty())
                .collect(Collectors.toSet());
    }

    private static void checkForEver(
            Topic<?> topic, Map<String, String> config, String setting, List<TopicFault> faults) {
        String got = config.get(setting);
        if (got != null && !got.equals(UNLIMITED)) {
            faults.add(new TopicFault(
                    topic.name(), setting, UNLIMITED, got, "the lineage of the models needs every record", true));
        }
    }

    private static void checkWeek(Topic<?> topic, Map<String, String> config, List<TopicFault> faults) {
        for (String setting : List.of(TopicConfig.RETENTION_MS_CONFIG, TopicConfig.RETENTION_BYTES_CONFIG)) {
            String got = config.get(setting);
            String expected = topic.keeps().config(setting);
            if (got != null && isLess(got, expected)) {
                faults.add(new TopicFault(
                        topic.name(),
                        setting,
                        expected,
                        got,
                        "what a service that was away has not read by then is lost",
                        false));
            }
        }
    }

    private static void checkSize(Topic<?> topic, Map<String, String> config, boolean severe, List<TopicFault> faults) {
        String setting = TopicConfig.MAX_MESSAGE_BYTES_CONFIG;
        String got = config.get(setting);
        String expected = topic.keeps().config(setting);
        if (got != null && Long.parseLong(got) < Long.parseLong(expected)) {
            faults.add(new TopicFault(
                    topic.name(), setting, expected, got, "larger records are refused by the broker", severe));
        }
    }

    /** Of limits, in which -1 is none. */
    private static boolean isLess(String limit, String than) {
        long left = Long.parseLong(limit);
        long right = Long.parseLong(than);
        return left >= 0 && (right < 0 || left < right);
    }
}
