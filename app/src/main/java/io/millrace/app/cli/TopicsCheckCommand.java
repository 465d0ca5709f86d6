package io.millrace.app.cli;

import io.millrace.app.topics.TopicReport;
import io.millrace.schemas.kafka.KafkaConnection;
import org.apache.kafka.clients.admin.Admin;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

import java.util.Optional;
import java.util.concurrent.Callable;

/** {@code millrace topics check}. */
@Command(
        name = "check",
        description = {
            "Show how the topics differ from what Millrace needs, each difference with the command that mends it.",
            "The services check the same when they start. Changes nothing."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:the services can run on the topics",
            "1:one is missing, or would lose what must be kept",
            "2:wrong usage"
        })
public final class TopicsCheckCommand implements Callable<Integer>, BrokerCommand {

    @Mixin
    private BrokerOptions broker;

    @Mixin
    private final JsonOption json = JsonOption.one(TopicReport.Answer.class);

    @Override
    public Optional<KafkaConnection> kafka() {
        return broker.kafka();
    }

    @Override
    public Integer call() throws Exception {
        KafkaConnection kafka = broker.reach();
        try (Admin admin = BrokerOptions.admin(kafka)) {
            TopicReport report = TopicReport.of(kafka, admin);
            json.print(report.answer(), report.lines());
            return report.usable() ? 0 : 1;
        }
    }
}
