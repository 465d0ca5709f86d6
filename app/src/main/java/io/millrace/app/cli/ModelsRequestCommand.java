package io.millrace.app.cli;

import io.millrace.app.models.RequestSender;
import io.millrace.app.models.TaskModels;
import io.millrace.schemas.ModelRequest;
import io.millrace.schemas.ModelRequest.Action;
import io.millrace.schemas.RequestOutcome;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.text.LogSafe;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;

/** A command that writes a request by hand, waits for the evaluator and prints what became of it. */
@Command(
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:the evaluator has executed the request; with --wait 0, the request is written",
            "1:the evaluator has refused it, or the command failed",
            "2:wrong usage or configuration",
            "3:no evaluator has executed it yet; one will"
        })
abstract class ModelsRequestCommand implements Callable<Integer>, BrokerCommand {

    private static final int NOT_YET = 3;
    private static final int MAX_LINE_CHARS = 2000;

    @Spec
    private CommandSpec spec;

    @Mixin
    private BrokerOptions broker;

    @Mixin
    private final JsonOption json = JsonOption.one(Answer.class);

    /**
     * The answer.
     *
     * @param request id of the request
     * @param task the task
     * @param action what was asked
     * @param result {@code done}; {@code refused}; {@code written}, as long as no evaluator has executed it
     * @param champion the champion after that; absent if there is none, and as long as no evaluator has executed it
     * @param reasons why it was refused, or what else happened: a sentence each
     */
    record Answer(
            String request,
            String task,
            Action action,
            String result,
            @Nullable String champion,
            List<String> reasons) {}

    @Option(names = "--task", paramLabel = "TASK", required = true, description = "The task.")
    private String task;

    @Option(
            names = "--reason",
            paramLabel = "TEXT",
            required = true,
            description = "Why: kept with the request for ever. At most " + ModelRequest.MAX_REASON_CHARS
                    + " characters on one line.")
    private String reason;

    @Option(names = "--by", paramLabel = "NAME", description = "Who asks; default the name of this machine's user.")
    private @Nullable String by;

    @Option(
            names = "--wait",
            paramLabel = "SECONDS",
            defaultValue = "30",
            description = "How long to wait for the evaluator; 0 only writes the request. Default 30.")
    private int waitSeconds;

    /** What is asked. */
    abstract Action action();

    /** The id or alias of the checkpoint that is meant; null for none. */
    abstract @Nullable String checkpoint();

    @Override
    public final Optional<KafkaConnection> kafka() {
        return broker.kafka();
    }

    @Override
    public final Integer call() throws Exception {
        if (waitSeconds < 0) {
            throw new ParameterException(spec.commandLine(), "--wait must be at least 0, got " + waitSeconds);
        }
        var unused = broker.task(task);
        // Anything wrong with what was typed is told before a broker is asked.
        ModelRequest typed = request(checkpoint(), null);
        KafkaConnection kafka = broker.connect();
        ModelRequest request = isAboutModels() ? aboutPresentModels(kafka) : typed;
        Optional<RequestOutcome> outcome = new RequestSender(kafka).send(request, Duration.ofSeconds(waitSeconds));
        return outcome.map(this::report).orElseGet(() -> reportNone(request));
    }

    private boolean isAboutModels() {
        return action() == Action.PROMOTE || action() == Action.ROLLBACK;
    }

    /** The request with the id of an alias, and the champion that holds now. */
    private ModelRequest aboutPresentModels(KafkaConnection kafka) {
        TaskModels models = TaskModels.read(kafka, task);
        String wanted = checkpoint();
        return request(
                wanted == null ? null : models.id(wanted),
                models.champion().map(TaskModels.Judged::id).orElse(ModelRequest.NO_CHAMPION));
    }

    private ModelRequest request(@Nullable String checkpoint, @Nullable String expectedChampion) {
        try {
            return new ModelRequest(
                    UUID.randomUUID().toString(),
                    task,
                    action(),
                    checkpoint,
                    by == null ? System.getProperty("user.name", "") : by,
                    reason,
                    expectedChampion);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(
                    spec.commandLine(), String.valueOf(e.getMessage()).replace("ModelRequest.", ""), e);
        }
    }

    private int report(RequestOutcome outcome) {
        if (json.wanted()) {
            json.print(new Answer(
                    outcome.request().id(),
                    task,
                    action(),
                    outcome.result() == RequestOutcome.Result.REFUSED ? "refused" : "done",
                    outcome.champion(),
                    outcome.reasons()));
            return outcome.result() == RequestOutcome.Result.REFUSED ? 1 : 0;
        }
        if (outcome.result() == RequestOutcome.Result.REFUSED) {
            spec.commandLine()
                    .getErr()
                    .println("refused: " + LogSafe.line(String.join("; ", outcome.reasons()), MAX_LINE_CHARS));
            return 1;
        }
        String champion = outcome.champion() == null ? "none" : outcome.champion();
        PrintWriter out = spec.commandLine().getOut();
        switch (action()) {
            case PROMOTE, ROLLBACK -> out.println("the champion of task " + task + " is " + champion);
            case HOLD -> out.println("promotion is on hold for task " + task + "; the champion stays " + champion);
            case RELEASE -> out.println("promotion is released for task " + task + "; the champion is " + champion);
        }
        return 0;
    }

    private int reportNone(ModelRequest request) {
        if (json.wanted()) {
            json.print(new Answer(request.id(), task, action(), "written", null, List.of()));
            return waitSeconds == 0 ? 0 : NOT_YET;
        }
        if (waitSeconds == 0) {
            spec.commandLine().getOut().println("the request " + request.id() + " is written");
            return 0;
        }
        spec.commandLine()
                .getErr()
                .println("no evaluator of task " + task + " has answered within " + waitSeconds + " s. The request "
                        + request.id() + " stays, and is executed as soon as one runs.");
        return NOT_YET;
    }
}
