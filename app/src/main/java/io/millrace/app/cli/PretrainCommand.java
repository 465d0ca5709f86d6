package io.millrace.app.cli;

import static java.util.Objects.requireNonNull;

import io.millrace.app.console.ProgressPrinter;
import io.millrace.app.pretrain.PretrainingRun;
import io.millrace.app.pretrain.StreamTexts;
import io.millrace.app.pretrain.TextFiles;
import io.millrace.ingest.file.DataFile;
import io.millrace.ingest.file.LineCheck;
import io.millrace.ingest.file.LineSource;
import io.millrace.schemas.config.ConfigFile;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.trainer.config.TrainingConfig;
import io.millrace.trainer.pretrain.Pretraining;
import io.millrace.trainer.pretrain.PretrainingPlan;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.concurrent.Callable;

/** {@code millrace pretrain}. */
@Command(
        name = "pretrain",
        description = {
            "Pre-train an encoder on unlabelled texts, from scratch or from a checkpoint.",
            "The encoder of the configuration is a Hugging Face directory; without model.safetensors in it, weights are"
                    + " random. If it has no trained masked-token head, one is trained first, on the encoder as it is.",
            "Some texts are held out: before, after each epoch and at the end it says how many of 100 masked tokens of"
                    + " those are predicted right. The same command resumes where it was interrupted."
        })
public final class PretrainCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @ArgGroup(multiplicity = "1")
    private Source source;

    /** Where the texts come from. */
    private static final class Source {

        @Option(
                names = "--texts",
                paramLabel = "FILE",
                arity = "1..*",
                required = true,
                description = TextsOption.DESCRIPTION)
        private @Nullable List<String> files;

        @Option(
                names = "--stream",
                required = true,
                description =
                        "Take the texts of the task's stream: those that the topics accepted-examples and texts hold"
                                + " at the start. They are written to DIR/texts.jsonl. Needs --task.")
        private boolean stream;
    }

    @Mixin
    private FormatOptions format;

    @Mixin
    private TrainingOptions training;

    @Option(
            names = "--epochs",
            paramLabel = "N",
            defaultValue = "1",
            description = "How often to go through the texts with encoder and head; default 1.")
    private int epochs;

    @Option(
            names = "--head-epochs",
            paramLabel = "N",
            description =
                    "How often to go through the texts before that with the masked-token head alone, in about half"
                            + " the time; default 1 if the encoder has no trained one, else 0.")
    private @Nullable Integer headEpochs;

    @Option(
            names = "--head-learning-rate",
            paramLabel = "R",
            defaultValue = "" + PretrainingPlan.HEAD_LEARNING_RATE,
            description = "Peak learning rate of the head alone; default ${DEFAULT-VALUE}.")
    private double headLearningRate;

    @Option(
            names = "--held-out",
            paramLabel = "SHARE",
            defaultValue = "0.05",
            description = "Share of the texts to test on, but no more than 1,000 texts; default 0.05.")
    private double heldOut;

    @Option(
            names = "--dry-run",
            description = "Train nothing: count the lines that would be refused, by reason. --out is not needed.")
    private boolean dryRun;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Directory for the checkpoints and, in DIR/encoder, the encoder.")
    private Path out;

    @Override
    public Integer call() throws Exception {
        checkNumbers();
        if (!dryRun && out == null) {
            throw usage("Missing required option: '--out=DIR'");
        }
        training.check();
        List<DataFile> files = source.stream ? List.of() : TextsOption.files(requireNonNull(source.files), format);
        if (source.stream && (dryRun || training.task().isEmpty())) {
            throw usage(
                    dryRun
                            ? "--dry-run is for files: what is on the topics was checked when it came"
                            : "--stream needs --config FILE and --task NAME: whose stream");
        }
        if (dryRun) {
            return dryRun(files);
        }
        Requirements.directory(spec, "--out", out);
        Path encoder = out.resolve("encoder");
        if (Files.exists(encoder)) {
            throw usage(encoder + " exists already: this pre-training has finished. Give another --out, or remove it.");
        }
        TrainingConfig settings = training.training()
                .map(given -> ConfigFile.bind(given.tree(), TrainingConfig.class, given.folder(), given.origin()))
                .orElseThrow(() -> usage("Missing required option: '--config=FILE'"));
        PretrainingPlan plan = PretrainingPlan.of(
                settings.encoder(),
                headEpochs == null ? OptionalInt.empty() : OptionalInt.of(headEpochs),
                epochs,
                headLearningRate);
        ProgressPrinter printer =
                new ProgressPrinter(spec.commandLine().getOut(), Boolean.getBoolean("millrace.terminal"));
        TextFiles sequence = TextFiles.open(
                source.stream ? List.of(ofStream(printer)) : files, plan.allEpochs(), settings.seed(), heldOut);
        new PretrainingRun(printer).run(new Pretraining(settings, plan, sequence, out), encoder);
        return 0;
    }

    private void checkNumbers() {
        if (epochs < 0 || (epochs == 0 && (headEpochs == null || headEpochs < 1))) {
            throw usage("--epochs must be above 0, or 0 with --head-epochs above 0, got " + epochs);
        }
        if (headEpochs != null && headEpochs < 0) {
            throw usage("--head-epochs must be at least 0, got " + headEpochs);
        }
        if (!(headLearningRate > 0 && headLearningRate <= 1)) {
            throw usage("--head-learning-rate must be in (0, 1], got " + headLearningRate);
        }
        if (!(heldOut > 0 && heldOut <= 0.5)) {
            throw usage("--held-out must be in (0, 0.5], got " + heldOut
                    + ". Without texts to test on, nobody knows how good the masked-token head is.");
        }
    }

    /** The texts of the stream; an interrupted run continues with those that it had. */
    private DataFile ofStream(ProgressPrinter printer) throws IOException, InterruptedException {
        Path file = out.resolve("texts.jsonl");
        if (Files.exists(file)) {
            printer.line("Takes the texts of the interrupted run, from " + file + ".");
        } else {
            String task = training.task().orElseThrow().name();
            KafkaConnection kafka = training.kafka();
            BrokerOptions.requireBroker(kafka);
            printer.line(String.format(
                    Locale.ROOT,
                    "Wrote %,d texts of the stream of %s to %s.",
                    StreamTexts.write(kafka, task, file),
                    task,
                    file));
        }
        return DataFile.texts(file);
    }

    private ParameterException usage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    private int dryRun(List<DataFile> files) throws IOException {
        DryRun found = new DryRun();
        for (DataFile file : files) {
            try (LineSource lines = file.lines()) {
                found.read(lines, LineCheck.textsAlone(), Long.MAX_VALUE);
            }
        }
        PrintWriter print = spec.commandLine().getOut();
        found.lines().forEach(print::println);
        print.printf("pretrain would refuse %,d of %,d texts; nothing was trained%n", found.rejected(), found.read());
        return found.rejected() == 0 && found.read() > 0 ? 0 : 1;
    }
}
