package io.millrace.app.topics;

import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.kafka.Topic;
import io.millrace.schemas.kafka.TopicFault;
import io.millrace.schemas.kafka.TopicFaults;
import io.millrace.schemas.kafka.Topics;
import org.apache.kafka.clients.admin.Admin;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;

/**
 * Which topics of an installation are there, and how their configuration differs from what Millrace needs.
 *
 * @param present those that are there, without the prefix
 * @param missing names on the broker of those that are not there, or that this user may not see
 * @param differences what differs, the severe ones first
 * @param hidden names on the broker of those whose configuration this user may not see
 */
public record TopicReport(
        List<Topic<?>> present, List<String> missing, List<Difference> differences, List<String> hidden) {

    /**
     * One setting of one topic.
     *
     * @param topic its name on the broker
     * @param setting the setting
     * @param expected a value that is right
     * @param got the value that it has
     * @param why the consequence
     * @param severe whether records that are needed would be lost, so that no service starts
     * @param command mends it
     */
    public record Difference(
            String topic, String setting, String expected, String got, String why, boolean severe, String command) {

        private static Difference of(TopicFault fault, String bootstrapServers) {
            return new Difference(
                    fault.topic(),
                    fault.setting(),
                    fault.expected(),
                    fault.got(),
                    fault.why(),
                    fault.severe(),
                    fault.command(bootstrapServers));
        }

        /** The difference and its remedy. */
        public String sentence() {
            return "topic " + topic + ": " + setting + " must be " + expected + ", got " + got + " (" + why + "). Run: "
                    + command;
        }
    }

    /** Asks the broker, and changes nothing there. */
    public static TopicReport of(KafkaConnection kafka, Admin admin) throws InterruptedException, ExecutionException {
        Set<String> names = admin.listTopics().names().get();
        List<Topic<?>> present = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        for (Topic<?> topic : Topics.ALL) {
            String name = kafka.named(topic.name());
            if (names.contains(name)) {
                present.add(topic);
            } else {
                missing.add(name);
            }
        }
        return of(kafka, admin, present, missing);
    }

    /** The report just after all topics were created: a broker may not have heard of all of them yet. */
    public static TopicReport ofAll(KafkaConnection kafka, Admin admin) throws InterruptedException {
        return of(kafka, admin, Topics.ALL, List.of());
    }

    private static TopicReport of(KafkaConnection kafka, Admin admin, List<Topic<?>> present, List<String> missing)
            throws InterruptedException {
        TopicFaults found =
                present.isEmpty() ? new TopicFaults(List.of(), List.of()) : Topics.examine(kafka, admin, present);
        return new TopicReport(
                present,
                missing,
                found.faults().stream()
                        .map(fault -> Difference.of(fault, kafka.bootstrapServers()))
                        .toList(),
                found.hidden());
    }

    /**
     * The report as JSON.
     *
     * @param usable see {@link TopicReport#usable}
     * @param present how many topics are there
     * @param missing as in the report
     * @param differences as in the report
     * @param hidden as in the report
     */
    public record Answer(
            boolean usable, int present, List<String> missing, List<Difference> differences, List<String> hidden) {}

    /** The report as JSON. */
    public Answer answer() {
        return new Answer(usable(), present.size(), missing, differences, hidden);
    }

    /** Whether the services can run on these topics: none is missing, and none loses what is needed. */
    public boolean usable() {
        return missing.isEmpty() && differences.stream().noneMatch(Difference::severe);
    }

    /** What could not be checked; see {@link #hidden}. */
    public String hiddenSentence() {
        return "cannot check how the topics " + String.join(", ", hidden)
                + " are configured: this user needs DESCRIBE_CONFIGS on them";
    }

    /** The report for the console. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        if (!missing.isEmpty()) {
            lines.add("FAIL  missing, or hidden from this user, who then needs DESCRIBE on them: "
                    + String.join(", ", missing) + ". Run: ./millrace topics create --config FILE");
        }
        differences.forEach(
                difference -> lines.add((difference.severe() ? "FAIL  " : "warn  ") + difference.sentence()));
        if (!hidden.isEmpty()) {
            lines.add("warn  " + hiddenSentence());
        }
        if (lines.isEmpty()) {
            lines.add("all " + present.size() + " topics are as Millrace needs them");
        }
        return lines;
    }
}
