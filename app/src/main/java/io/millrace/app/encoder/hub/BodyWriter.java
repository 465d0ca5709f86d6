package io.millrace.app.encoder.hub;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;

/** Appends the body of an answer to a file, and ends an answer that is longer than the file is to be. */
final class BodyWriter implements BodySubscriber<Boolean> {

    private final FileChannel file;
    private final long most;
    private final CompletableFuture<Boolean> whole = new CompletableFuture<>();
    private Flow.@Nullable Subscription subscription;

    /**
     * A writer behind the file's position.
     *
     * @param most size of the whole file
     */
    BodyWriter(FileChannel file, long most) {
        this.file = file;
        this.most = most;
    }

    @Override
    public CompletionStage<Boolean> getBody() {
        return whole;
    }

    @Override
    public void onSubscribe(Flow.Subscription begun) {
        subscription = begun;
        begun.request(1);
    }

    @Override
    public void onNext(List<ByteBuffer> items) {
        Flow.Subscription current = subscription;
        if (current == null || whole.isDone()) {
            return;
        }
        try {
            for (ByteBuffer item : items) {
                if (file.position() + item.remaining() > most) {
                    throw new DownloadException("the answer has more bytes than the " + most + " that were announced");
                }
                while (item.hasRemaining()) {
                    file.write(item);
                }
            }
            current.request(1);
        } catch (IOException | RuntimeException e) {
            current.cancel();
            whole.completeExceptionally(e);
        }
    }

    @Override
    public void onError(Throwable failure) {
        whole.completeExceptionally(failure);
    }

    @Override
    public void onComplete() {
        whole.complete(true);
    }
}
