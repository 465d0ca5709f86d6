package io.millrace.app.cli;

import io.millrace.app.page.view.PageState;
import io.millrace.app.service.ShutdownHook;
import io.millrace.app.top.StateReader;
import io.millrace.app.top.TopFrame;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;

/** {@code millrace top}. */
@Command(
        name = "top",
        description = {
            "Show the figures of a running demo, local or service on the terminal, until Ctrl-C.",
            "They are those of the live page, read from the address that the process prints."
        })
public final class TopCommand implements Callable<Integer> {

    private static final int MIN_WIDTH = 40;
    private static final String CLEAR_LINE_END = "\u001B[K";
    private static final String HOME = "\u001B[H";
    private static final String CLEAR_BELOW = "\u001B[J";

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--url",
            paramLabel = "URL",
            defaultValue = "http://127.0.0.1:9404",
            description = "Address of the page; default http://127.0.0.1:9404.")
    private URI url;

    @Option(names = "--task", paramLabel = "TASK", defaultValue = "", description = "The task; default the first.")
    private String task;

    @Option(
            names = "--every",
            paramLabel = "SECONDS",
            defaultValue = "2",
            description = "Seconds from one frame to the next; default 2.")
    private int everySeconds;

    @Option(
            names = "--width",
            paramLabel = "N",
            defaultValue = "120",
            description = "Longest line, in characters; default 120.")
    private int width;

    @Option(names = "--once", description = "Print one frame and end.")
    private boolean once;

    @Override
    public Integer call() throws Exception {
        if (!"http".equals(url.getScheme()) || url.getHost() == null) {
            throw new ParameterException(spec.commandLine(), "--url must be like http://127.0.0.1:9404, got " + url);
        }
        if (everySeconds < 1) {
            throw new ParameterException(spec.commandLine(), "--every must be at least 1, got " + everySeconds);
        }
        if (width < MIN_WIDTH) {
            throw new ParameterException(
                    spec.commandLine(), "--width must be at least " + MIN_WIDTH + ", got " + width);
        }
        StateReader reader = new StateReader(url, task);
        PrintWriter out = spec.commandLine().getOut();
        PageState first = reader.read();
        if (once) {
            TopFrame.of(first, width).forEach(out::println);
            return 0;
        }
        follow(reader, first, out);
        return 0;
    }

    /** On a terminal each frame replaces the last; elsewhere they follow each other. */
    private void follow(StateReader reader, PageState first, PrintWriter out) throws Exception {
        boolean terminal = Boolean.getBoolean("millrace.terminal");
        try (ShutdownHook stop = new ShutdownHook()) {
            PageState state = first;
            out.print(terminal ? HOME + CLEAR_BELOW : "");
            while (!stop.requested()) {
                print(TopFrame.of(state, width), terminal, out);
                stop.await(
                        new CompletableFuture<>(),
                        Duration.ofSeconds(everySeconds).toMillis());
                if (!stop.requested()) {
                    state = reader.read();
                }
            }
        }
    }

    private static void print(List<String> lines, boolean terminal, PrintWriter out) {
        if (terminal) {
            out.print(HOME
                    + String.join(CLEAR_LINE_END + System.lineSeparator(), lines)
                    + CLEAR_LINE_END
                    + System.lineSeparator()
                    + CLEAR_BELOW);
        } else {
            lines.forEach(out::println);
            out.println();
        }
        out.flush();
    }
}
