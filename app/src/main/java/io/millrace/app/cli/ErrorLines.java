package io.millrace.app.cli;

import io.millrace.app.access.AccessRight;
import io.millrace.app.access.AccessRights;
import io.millrace.schemas.config.ConfigException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.streams.errors.StreamsException;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.function.BooleanSupplier;

/** Prints one line per failure and sets the exit code. Prints stack traces only if asked to. */
public final class ErrorLines implements IParameterExceptionHandler, IExecutionExceptionHandler {

    private final BooleanSupplier verbose;

    public ErrorLines(BooleanSupplier verbose) {
        this.verbose = verbose;
    }

    @Override
    public int handleParseException(ParameterException e, String[] args) {
        CommandLine command = e.getCommandLine();
        command.getErr().println("millrace: " + oneLine(String.valueOf(e.getMessage())));
        UnmatchedArgumentException.printSuggestions(e, command.getErr());
        command.getErr().println("Try: " + command.getCommandSpec().qualifiedName() + " --help");
        return ExitCode.USAGE;
    }

    @Override
    public int handleExecutionException(Exception e, CommandLine command, ParseResult parsed) {
        Throwable cause = rootFailure(e);
        String name = command.getCommandSpec().qualifiedName();
        String action = name.substring(name.indexOf(' ') + 1);
        String advice = BrokerRefusal.advice(cause, action, rights(command, action))
                .map(text -> (describe(cause).endsWith(".") ? " " : ". ") + text)
                .orElse("");
        command.getErr().println("millrace: " + describe(cause) + advice);
        if (verbose.getAsBoolean()) {
            e.printStackTrace(command.getErr());
        }
        return cause instanceof ConfigException ? ExitCode.USAGE : ExitCode.SOFTWARE;
    }

    private static List<AccessRight> rights(CommandLine command, String action) {
        return command.getCommand() instanceof BrokerCommand onBroker
                ? onBroker.kafka()
                        .map(AccessRights::byCommand)
                        .map(rights -> rights.getOrDefault(action, rights.get(action.replaceFirst(" .*", ""))))
                        .orElse(List.of())
                : List.of();
    }

    /** The message of a failure; its type if it has no message. */
    static String describe(Throwable failure) {
        Throwable cause = failure.getCause();
        if (isWrapper(failure) && cause != null && !saysSomething(cause)) {
            return ownWords(failure) + ": " + ownWords(cause);
        }
        return ownWords(failure);
    }

    /** The failure that says what is wrong: Kafka and futures wrap it in others that only say where it surfaced. */
    private static Throwable rootFailure(Throwable failure) {
        Throwable root = failure;
        while (isWrapper(root) && root.getCause() != null && saysSomething(root.getCause())) {
            root = root.getCause();
        }
        return root;
    }

    private static boolean isWrapper(Throwable failure) {
        Throwable cause = failure.getCause();
        return failure instanceof ExecutionException
                || failure instanceof CompletionException
                || failure instanceof StreamsException
                // Not its subtypes: they say what is wrong themselves.
                || failure.getClass() == KafkaException.class
                // The message that a constructor derives from the cause alone.
                || (cause != null && cause.toString().equals(failure.getMessage()));
    }

    private static boolean saysSomething(Throwable failure) {
        boolean inItsOwnWords =
                failure.getMessage() != null && !failure.getMessage().isBlank();
        return inItsOwnWords || (failure.getCause() != null && isWrapper(failure));
    }

    private static String ownWords(Throwable failure) {
        String message = failure.getMessage();
        if (message == null || message.isBlank()) {
            return failure.getClass().getSimpleName();
        }
        // Their message is the path alone.
        if (failure instanceof NoSuchFileException missing && missing.getReason() == null) {
            return oneLine(message) + ": there is no such file or directory";
        }
        if (failure instanceof AccessDeniedException denied && denied.getReason() == null) {
            return oneLine(message) + ": access denied";
        }
        if (failure instanceof FileSystemException other && other.getReason() == null) {
            return oneLine(message) + ": " + failure.getClass().getSimpleName();
        }
        return oneLine(message);
    }

    private static String oneLine(String message) {
        return message.strip().replaceAll("\\s*\\R\\s*", " ");
    }
}
