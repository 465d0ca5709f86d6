package io.millrace.local.cli;

import io.millrace.local.config.ConfigException;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.function.BooleanSupplier;

/** Says in one line what went wrong, and gives the exit code. Stack traces only for those who ask for them. */
public final class ErrorLines implements IParameterExceptionHandler, IExecutionExceptionHandler {

    private final BooleanSupplier verbose;

    public ErrorLines(BooleanSupplier verbose) {
        this.verbose = verbose;
    }

    @Override
    public int handleParseException(ParameterException e, String[] args) {
        CommandLine command = e.getCommandLine();
        command.getErr().println("millrace: " + oneLine(e.getMessage()));
        UnmatchedArgumentException.printSuggestions(e, command.getErr());
        command.getErr().println("Try: " + command.getCommandSpec().qualifiedName() + " --help");
        return ExitCode.USAGE;
    }

    @Override
    public int handleExecutionException(Exception e, CommandLine command, ParseResult parsed) {
        Throwable cause = unwrapped(e);
        String name = command.getCommandSpec().qualifiedName();
        String advice = BrokerRefusal.advice(cause, name.substring(name.indexOf(' ') + 1))
                .map(text -> (describe(cause).endsWith(".") ? " " : ". ") + text)
                .orElse("");
        command.getErr().println("millrace: " + describe(cause) + advice);
        if (verbose.getAsBoolean()) {
            cause.printStackTrace(command.getErr());
        }
        return cause instanceof ConfigException ? ExitCode.USAGE : ExitCode.SOFTWARE;
    }

    /** The message of a failure; a failure without one is named by its type. */
    static String describe(Throwable failure) {
        String message = failure.getMessage();
        return message == null || message.isBlank() ? failure.getClass().getSimpleName() : oneLine(message);
    }

    private static Throwable unwrapped(Throwable failure) {
        Throwable cause = failure;
        while ((cause instanceof ExecutionException || cause instanceof CompletionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    private static String oneLine(String message) {
        return message.strip().replaceAll("\\s*\\R\\s*", " ");
    }
}
