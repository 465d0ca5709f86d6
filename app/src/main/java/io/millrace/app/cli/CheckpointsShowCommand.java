package io.millrace.app.cli;

import io.millrace.app.checkpoints.CheckpointReport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

import java.nio.file.Path;
import java.util.concurrent.Callable;

/** {@code millrace checkpoints show}. */
@Command(
        name = "show",
        description = "Show the manifest of a checkpoint, and check its files against the hashes in it.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:the checkpoint is whole", "1:it is not", "2:wrong usage"})
public final class CheckpointsShowCommand implements Callable<Integer> {

    @Mixin
    private final JsonOption json = JsonOption.one(CheckpointReport.Answer.class);

    @Parameters(paramLabel = "DIR", description = "The checkpoint's directory.")
    private Path directory;

    @Override
    public Integer call() throws Exception {
        CheckpointReport report = CheckpointReport.of(directory);
        json.print(report.answer(), report.lines());
        return report.whole() ? 0 : 1;
    }
}
