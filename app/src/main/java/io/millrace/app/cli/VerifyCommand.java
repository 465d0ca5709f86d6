package io.millrace.app.cli;

import io.millrace.app.config.MillraceConfig;
import io.millrace.schemas.store.CheckpointManifest;
import io.millrace.schemas.store.CheckpointManifest.FileHash;
import io.millrace.schemas.store.DirectoryTree;
import io.millrace.trainer.config.TrainedTask;
import io.millrace.trainer.lineage.CheckpointReproduction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/** {@code millrace verify}. */
@Command(
        name = "verify",
        description = {
            "Make a checkpoint again from its parent and the records of its range, and compare the hashes.",
            "On the type of machine that made it, every file must be the same."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:every file is the same", "1:some are not", "2:wrong usage"})
public final class VerifyCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private HistoryOptions history;

    @Mixin
    private final JsonOption json = JsonOption.one(Answer.class);

    /**
     * The answer.
     *
     * @param checkpoint the checkpoint's id
     * @param task its task
     * @param same whether every file is the same, and nothing else differs
     * @param files its files
     * @param faults differences other than those of the files, a sentence each
     */
    record Answer(String checkpoint, String task, boolean same, List<MadeFile> files, List<String> faults) {

        private static Answer of(CheckpointManifest manifest, CheckpointReproduction.Result result) {
            return new Answer(
                    manifest.id(),
                    manifest.task(),
                    result.isSame(),
                    result.recorded().entrySet().stream()
                            .map(file -> new MadeFile(
                                    file.getKey(),
                                    file.getValue().sha256(),
                                    file.getValue().equals(result.made().get(file.getKey()))))
                            .toList(),
                    result.faults());
        }
    }

    /**
     * A file that was made again.
     *
     * @param name its path in the checkpoint
     * @param sha256 its hash, by the manifest
     * @param same whether it has that hash again
     */
    record MadeFile(String name, String sha256, boolean same) {}

    @Parameters(paramLabel = "CHECKPOINT", description = "The checkpoint's directory; its parent's must be beside it.")
    private Path checkpoint;

    @Override
    public Integer call() throws Exception {
        CheckpointManifest manifest = CheckpointManifest.read(checkpoint);
        TrainedTask task = task(manifest.task());
        Path scratch = Files.createTempDirectory("millrace-verify");
        try (HistoryOptions.Opened opened = history.open()) {
            CheckpointReproduction.Result result =
                    new CheckpointReproduction(task, opened.kafka(), checkpoint).run(scratch);
            if (json.wanted()) {
                json.print(Answer.of(manifest, result));
            } else {
                print(manifest, result);
            }
            return result.isSame() ? 0 : 1;
        } finally {
            DirectoryTree.delete(scratch);
        }
    }

    private TrainedTask task(String name) {
        MillraceConfig config = history.configuration();
        return config.trainedTasks().stream()
                .filter(trained -> trained.task().name().equals(name))
                .findFirst()
                .orElseThrow(() -> new ParameterException(
                        spec.commandLine(),
                        checkpoint + " is of task " + name + ", which the configuration does not have"));
    }

    private void print(CheckpointManifest manifest, CheckpointReproduction.Result result) {
        PrintWriter out = spec.commandLine().getOut();
        out.println(manifest.id() + " of task " + manifest.task() + ", made again through "
                + manifest.lineage().miniBatches().size() + " mini-batches:");
        for (Map.Entry<String, FileHash> file : result.recorded().entrySet()) {
            boolean same = file.getValue().equals(result.made().get(file.getKey()));
            out.println("  " + file.getKey() + "  sha256 " + file.getValue().sha256() + "  "
                    + (same ? "same" : "DIFFERENT"));
        }
        result.faults().forEach(fault -> out.println("FAULT  " + fault));
        out.println(result.isSame() ? "verified" : "not the same");
    }
}
