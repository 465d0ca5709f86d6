package io.millrace.app.cli;

import io.millrace.trainer.lineage.LineageCheck;
import io.millrace.trainer.lineage.LineageReport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;

/** {@code millrace lineage check}. */
@Command(
        name = "check",
        description = {
            "Prove from the announced checkpoints that each accepted example of a task was trained exactly once.",
            "Their ranges must tile the topic without gap or overlap, and every hash must match.",
            "Keeps 1 KiB per announcement and 300 bytes per example in memory: with more than 2,000,000 examples on the"
                    + " topic give it more, as MILLRACE_JAVA_OPTS=-Xmx4g."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:the lineage is proven", "1:it has faults", "2:wrong usage"})
public final class LineageCheckCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private HistoryOptions history;

    @Mixin
    private final JsonOption json = JsonOption.one(Answer.class);

    /**
     * The answer.
     *
     * @param task the task
     * @param proven whether each accepted example was trained exactly once
     * @param checked what was checked, a sentence each
     * @param faults what is wrong, a sentence each
     */
    record Answer(String task, boolean proven, List<String> checked, List<String> faults) {}

    @Option(names = "--task", paramLabel = "TASK", required = true, description = "The task.")
    private String task;

    @Override
    public Integer call() throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        try (HistoryOptions.Opened opened = history.open()) {
            LineageReport report = LineageCheck.of(opened.kafka(), opened.store(), task);
            if (json.wanted()) {
                json.print(new Answer(task, report.isProven(), report.lines(), report.faults()));
                return report.isProven() ? 0 : 1;
            }
            report.lines().forEach(out::println);
            report.faults().forEach(fault -> out.println("FAULT  " + fault));
            out.println(report.isProven() ? "proven" : report.faults().size() + " faults");
            return report.isProven() ? 0 : 1;
        }
    }
}
