package io.millrace.app;

import io.millrace.app.cli.BenchCommand;
import io.millrace.app.cli.CheckpointsCommand;
import io.millrace.app.cli.CommandList;
import io.millrace.app.cli.CompareCommand;
import io.millrace.app.cli.CompletionCommand;
import io.millrace.app.cli.DemoCommand;
import io.millrace.app.cli.DoctorCommand;
import io.millrace.app.cli.EmbeddedBrokerCommand;
import io.millrace.app.cli.EncoderCommand;
import io.millrace.app.cli.ErrorLines;
import io.millrace.app.cli.EvaluatorCommand;
import io.millrace.app.cli.IngestCommand;
import io.millrace.app.cli.InitCommand;
import io.millrace.app.cli.LineageCommand;
import io.millrace.app.cli.LocalCommand;
import io.millrace.app.cli.ModelsCommand;
import io.millrace.app.cli.PredictCommand;
import io.millrace.app.cli.PretrainCommand;
import io.millrace.app.cli.ProbesCommand;
import io.millrace.app.cli.ProduceCommand;
import io.millrace.app.cli.RankCommand;
import io.millrace.app.cli.RejectedCommand;
import io.millrace.app.cli.TailCommand;
import io.millrace.app.cli.TopCommand;
import io.millrace.app.cli.TopicsCommand;
import io.millrace.app.cli.TrainerCommand;
import io.millrace.app.cli.VerifyCommand;
import io.millrace.app.cli.Version;
import io.millrace.app.log.LogSettings;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExecutionException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The command line. Exit codes: 0 done, 1 failure, 2 wrong usage or configuration. */
@Command(
        name = "millrace",
        description = "Keeps a text classifier learning from a Kafka topic.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        scope = ScopeType.INHERIT,
        sortOptions = false,
        subcommands = {
            DemoCommand.class,
            InitCommand.class,
            EncoderCommand.class,
            LocalCommand.class,
            EmbeddedBrokerCommand.class,
            IngestCommand.class,
            TrainerCommand.class,
            EvaluatorCommand.class,
            ProduceCommand.class,
            ProbesCommand.class,
            CheckpointsCommand.class,
            ModelsCommand.class,
            PredictCommand.class,
            TopCommand.class,
            CompareCommand.class,
            PretrainCommand.class,
            RankCommand.class,
            BenchCommand.class,
            LineageCommand.class,
            VerifyCommand.class,
            RejectedCommand.class,
            TopicsCommand.class,
            TailCommand.class,
            DoctorCommand.class,
            CompletionCommand.class
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done, or stopped with Ctrl-C or SIGTERM",
            "1:failure; the message says what failed",
            "2:wrong usage or configuration"
        })
public final class MillraceMain implements Runnable {

    private static final int HELP_WIDTH = 100;

    @Option(
            names = "--verbose",
            scope = ScopeType.INHERIT,
            description = "Log more, and print stack traces. MILLRACE_LOG=debug does the same.")
    private boolean verbose;

    @Spec
    private CommandSpec spec;

    public static void main(String[] args) {
        PrintWriter out = new PrintWriter(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        PrintWriter err = new PrintWriter(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
        System.exit(run(out, err, args));
    }

    /** Runs one command and returns its exit code. */
    public static int run(PrintWriter out, PrintWriter err, String... args) {
        MillraceMain main = new MillraceMain();
        ErrorLines errors = new ErrorLines(main::isVerbose);
        CommandLine commandLine = new CommandLine(main);
        commandLine.getHelpSectionMap().put(UsageMessageSpec.SECTION_KEY_COMMAND_LIST, new CommandList());
        return commandLine
                .setUsageHelpWidth(HELP_WIDTH)
                .setOut(out)
                .setErr(err)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler(errors)
                .setExecutionExceptionHandler(errors)
                .setExecutionStrategy(parsed -> {
                    if (main.isVerbose()) {
                        LogSettings.verbose();
                    }
                    return runLast(parsed);
                })
                .execute(args);
    }

    /** Errors of the virtual machine become failures with a message, which {@link ErrorLines} prints. */
    private static int runLast(ParseResult parsed) {
        try {
            return new CommandLine.RunLast().execute(parsed);
        } catch (OutOfMemoryError e) {
            throw failure(
                    parsed,
                    "the memory of the Java virtual machine is full. Give it more, as with MILLRACE_JAVA_OPTS=-Xmx4g.",
                    e);
        } catch (LinkageError e) {
            throw failure(
                    parsed,
                    "a library cannot be loaded: " + e + ". ./millrace doctor says what this machine lacks.",
                    e);
        }
    }

    private static ExecutionException failure(ParseResult parsed, String message, Error cause) {
        List<CommandLine> commands = parsed.asCommandLineList();
        return new ExecutionException(
                commands.get(commands.size() - 1), message, new IllegalStateException(message, cause));
    }

    /** Without a command there is nothing to do. */
    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing");
    }

    private boolean isVerbose() {
        return verbose || "debug".equalsIgnoreCase(System.getenv("MILLRACE_LOG"));
    }
}
