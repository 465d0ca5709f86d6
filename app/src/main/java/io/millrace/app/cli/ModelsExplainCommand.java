package io.millrace.app.cli;

import io.millrace.app.models.TaskModels;
import io.millrace.app.models.VerdictExplanation;
import io.millrace.schemas.ModelUpdate;
import io.millrace.schemas.kafka.KafkaConnection;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.util.Optional;
import java.util.concurrent.Callable;

/** {@code millrace models explain}. */
@Command(
        name = "explain",
        description = {
            "Show the numbers behind the newest verdict on a checkpoint, and derive the verdict from them again.",
            "It reads the event on model-updates alone."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:the verdict follows from its numbers", "1:it does not", "2:wrong usage"})
public final class ModelsExplainCommand implements Callable<Integer>, BrokerCommand {

    @Mixin
    private BrokerOptions broker;

    @Mixin
    private final JsonOption json = JsonOption.one(VerdictExplanation.Answer.class);

    @Option(names = "--task", paramLabel = "TASK", required = true, description = "The task.")
    private String task;

    @Parameters(paramLabel = "ID", description = "The checkpoint, or champion, or challenger.")
    private String checkpoint;

    @Override
    public Optional<KafkaConnection> kafka() {
        return broker.kafka();
    }

    @Override
    public Integer call() throws Exception {
        var unused = broker.task(task);
        TaskModels models = TaskModels.read(broker.connect(), task);
        ModelUpdate update = models.named(checkpoint).update();
        VerdictExplanation explanation = VerdictExplanation.of(update);
        json.print(
                new VerdictExplanation.Answer(explanation.agrees(), explanation.derived(), update),
                explanation.lines());
        return explanation.agrees() ? 0 : 1;
    }
}
