package io.millrace.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.millrace.schemas.config.ConfigException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.streams.errors.StreamsException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;

class ErrorLinesTest {

    private static final String LABELS = "task intent: checkpoint-000120 has other labels. Undo the change.";

    private final StringWriter err = new StringWriter();

    static Stream<Arguments> failures() {
        return Stream.of(
                arguments(refusal(), LABELS),
                arguments(
                        new ExecutionException(
                                new KafkaException("User rebalance callback throws an error", refusal())),
                        LABELS),
                arguments(
                        new CompletionException(new CompletionException(new StreamsException("in a task", refusal()))),
                        LABELS),
                arguments(new RuntimeException(refusal()), LABELS),
                arguments(
                        new KafkaException(
                                "Cannot execute transactional method because we are in an error state",
                                new RecordTooLargeException("The message is 2 bytes")),
                        "The message is 2 bytes"),
                arguments(new RecordTooLargeException("too large", refusal()), "too large"),
                arguments(
                        new KafkaException("User rebalance callback throws an error", new NullPointerException()),
                        "User rebalance callback throws an error: NullPointerException"),
                arguments(
                        new KafkaException("Failed to construct", new KafkaException("inside", new Error())),
                        "inside: Error"),
                arguments(new KafkaException("alone"), "alone"),
                arguments(new ExecutionException(null), "ExecutionException"),
                arguments(new NoSuchFileException("/srv/store"), "/srv/store: there is no such file or directory"),
                arguments(new AccessDeniedException("/srv/store"), "/srv/store: access denied"),
                arguments(new FileAlreadyExistsException("/srv/store"), "/srv/store: FileAlreadyExistsException"));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void shouldSayTheCauseAndNotWhereItCameOut(Exception failure, String expected) {
        // When
        int exitCode = run(failure);

        // Then
        assertThat(exitCode).isEqualTo(1);
        assertThat(err.toString().strip()).isEqualTo("millrace: " + expected);
    }

    @Test
    void shouldStillAdviseOnARefusalInsideAWrapper() {
        // When
        run(new KafkaException(
                "User rebalance callback throws an error", new TopicAuthorizationException(Set.of("checkpoints"))));

        // Then
        assertThat(err.toString())
                .contains("checkpoints")
                .contains("docs/security.md lists the rights that every command needs.");
    }

    @Test
    void shouldExitWithTwoOnAWrongConfigurationInsideAWrapper() {
        // When
        int exitCode = run(new ExecutionException(new ConfigException("millrace.yaml: tusks")));

        // Then
        assertThat(exitCode).isEqualTo(2);
        assertThat(err.toString().strip()).isEqualTo("millrace: millrace.yaml: tusks");
    }

    private static IllegalStateException refusal() {
        return new IllegalStateException(LABELS);
    }

    private int run(Exception failure) {
        return new CommandLine(new Failing(failure))
                .setErr(new PrintWriter(err, true))
                .setExecutionExceptionHandler(new ErrorLines(() -> false))
                .execute();
    }

    /** A command that fails. */
    @Command(name = "millrace")
    private record Failing(Exception failure) implements Callable<Integer> {

        @Override
        public Integer call() throws Exception {
            throw failure;
        }
    }
}
