package io.millrace.app.encoder.hub;

import io.millrace.app.console.Bytes;
import io.millrace.app.console.Format;
import io.millrace.app.console.ProgressPrinter;
import io.millrace.encoder.EncoderCheckpoint;
import io.millrace.encoder.config.EncoderConfig;
import io.millrace.encoder.tokens.TextTokenizer;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToLongFunction;

/**
 * Downloads an encoder: JSON and safetensors, nothing else. All files are of one commit, each is checked against the hash that the
 * hub states, and an interrupted download resumes.
 *
 * @param repository the repository
 * @param revision branch, tag or commit
 * @param directory where the files go
 */
public record EncoderDownload(RepositoryName repository, String revision, Path directory) {

    private static final double MEBIBYTE = 1 << 20;

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /**
     * What it needs of the machine.
     *
     * @param requests the network
     * @param retries what to do when it fails
     * @param freeBytes space left for a directory
     * @param printer shows the progress
     */
    record Surroundings(
            HubRequests requests, Retries retries, ToLongFunction<Path> freeBytes, ProgressPrinter printer) {}

    /**
     * Downloads what is missing.
     *
     * @return the commit that the files are of
     * @throws DownloadException if the hub does not give the files
     * @throws io.millrace.schemas.store.UnusableCheckpointException if no task could use its config.json: then no weights are fetched
     */
    public String run(HubEndpoint endpoint, ProgressPrinter printer) throws IOException, InterruptedException {
        return run(
                endpoint,
                new Surroundings(
                        new HubRequests(endpoint, PATIENCE),
                        new Retries(time -> Thread.sleep(time.toMillis()), printer::line),
                        FreeSpace::of,
                        printer));
    }

    String run(HubEndpoint endpoint, Surroundings around) throws IOException, InterruptedException {
        Destination destination = new Destination(directory, new Destination.Origin(repository.full(), revision, ""));
        HubClient hub = new HubClient(endpoint, repository, revision, around.requests(), around.retries());
        Optional<String> begun = destination.begun();
        HubFile config = SizeLimits.check(hub.require(begun.orElse(revision), EncoderConfig.FILE_NAME));
        String commit = config.commit();
        if (begun.isEmpty()) {
            destination.begin(commit);
        }
        around.printer().line(repository + " at commit " + commit);
        fetch(hub, destination, config, around.printer());
        // Refuses an unknown architecture before gigabytes of it are fetched.
        EncoderConfig.read(directory);
        List<HubFile> files = new ArrayList<>();
        files.add(SizeLimits.check(hub.require(commit, TextTokenizer.FILE_NAME)));
        hub.find(commit, SizeLimits.TOKENIZER_CONFIG).map(SizeLimits::check).ifPresent(files::add);
        files.addAll(weights(hub, destination, commit, around.printer()));
        requireRoom(destination, files, around.freeBytes().applyAsLong(directory));
        for (HubFile file : files) {
            fetch(hub, destination, file, around.printer());
        }
        return commit;
    }

    private List<HubFile> weights(HubClient hub, Destination destination, String commit, ProgressPrinter printer)
            throws IOException, InterruptedException {
        Optional<HubFile> whole = hub.find(commit, EncoderCheckpoint.WEIGHTS_FILE);
        if (whole.isPresent()) {
            return SizeLimits.checkWeights(List.of(whole.get()));
        }
        Optional<HubFile> index = hub.find(commit, ShardIndex.FILE_NAME);
        if (index.isEmpty()) {
            throw noSafetensors(hub.find(commit, "pytorch_model.bin").isPresent());
        }
        fetch(hub, destination, SizeLimits.check(index.get()), printer);
        List<HubFile> weights = new ArrayList<>();
        for (String shard : ShardIndex.shards(directory.resolve(ShardIndex.FILE_NAME))) {
            weights.add(hub.require(commit, shard));
        }
        return SizeLimits.checkWeights(weights);
    }

    private DownloadException noSafetensors(boolean pickled) {
        return new DownloadException(repository + " has no " + EncoderCheckpoint.WEIGHTS_FILE
                + (pickled
                        ? ", only pytorch_model.bin: that is a pickle, and whoever reads one runs the code in it. Take a"
                                + " revision that was converted, if there is one (--revision refs/pr/N), or convert it where"
                                + " you trust it: AutoModel.from_pretrained(...).save_pretrained(...)."
                        : ". Only weights in safetensors are read. Take another repository or revision."));
    }

    private void requireRoom(Destination destination, List<HubFile> files, long free) throws IOException {
        long missing = 0;
        for (HubFile file : files) {
            missing += destination.missingBytes(file);
        }
        if (missing > free) {
            throw new DownloadException(directory + " must have room for the " + Bytes.words(missing)
                    + " that are missing of " + repository + ", got " + Bytes.words(free) + ". Give another --output.");
        }
    }

    private void fetch(HubClient hub, Destination destination, HubFile file, ProgressPrinter printer)
            throws IOException, InterruptedException {
        if (destination.holds(file)) {
            printer.line(file.name() + ": is there already");
            return;
        }
        long startNanos = System.nanoTime();
        try (PartFile part = PartFile.open(directory, file)) {
            long before = part.bytes();
            hub.fetch(
                    file,
                    part,
                    bytes -> printer.progress(Format.text(
                            "%s: %.1f of %.1f MiB, %.1f MiB/s",
                            file.name(),
                            bytes / MEBIBYTE,
                            file.bytes() / MEBIBYTE,
                            Math.max(0, bytes - before) / MEBIBYTE * 1e9 / (System.nanoTime() - startNanos))));
            part.finish(directory.resolve(file.name()));
            printer.endProgress();
            printer.line(Format.text("%s: %,d bytes", file.name(), file.bytes())
                    + (before > 0 ? Format.text(", of which %,d were there from before", before) : ""));
        }
    }
}
