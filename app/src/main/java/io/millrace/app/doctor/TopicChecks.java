package io.millrace.app.doctor;

import io.millrace.app.topics.TopicReport;
import io.millrace.schemas.kafka.KafkaConnection;
import org.apache.kafka.clients.admin.Admin;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;

/** The topics of this installation: whether they are there, how they are configured, and what the user may do on them. */
final class TopicChecks {

    private final KafkaConnection kafka;
    private final Admin admin;

    TopicChecks(KafkaConnection kafka, Admin admin) {
        this.kafka = kafka;
        this.admin = admin;
    }

    List<Finding> run() throws InterruptedException {
        List<Finding> findings = new ArrayList<>();
        try {
            TopicReport report = TopicReport.of(kafka, admin);
            findings.add(presence(report));
            if (!report.present().isEmpty()) {
                findings.addAll(configuration(report));
                findings.add(new RightsCheck(kafka, admin).of(report.present()));
            }
        } catch (ExecutionException e) {
            findings.add(Finding.fail(
                    "topics", "the broker does not tell about them", Objects.requireNonNullElse(e.getCause(), e)));
        } catch (IllegalStateException e) {
            findings.add(Finding.fail("topics", Finding.reasons(e)));
        }
        return findings;
    }

    private static Finding presence(TopicReport report) {
        if (report.missing().isEmpty()) {
            return Finding.ok("topics", "all " + report.present().size() + " are there");
        }
        return Finding.warn(
                "topics",
                "missing, or hidden from this user, who then needs DESCRIBE on them: "
                        + String.join(", ", report.missing())
                        + ". Run: ./millrace topics create --config FILE. Ingest creates them too.");
    }

    private static List<Finding> configuration(TopicReport report) {
        List<Finding> findings = new ArrayList<>();
        for (TopicReport.Difference difference : report.differences()) {
            findings.add(
                    difference.severe()
                            ? Finding.fail("topic configuration", difference.sentence())
                            : Finding.warn("topic configuration", difference.sentence()));
        }
        if (!report.hidden().isEmpty()) {
            findings.add(Finding.warn("topic configuration", report.hiddenSentence()));
        }
        return findings.isEmpty() ? List.of(Finding.ok("topic configuration", "as Millrace needs it")) : findings;
    }
}
