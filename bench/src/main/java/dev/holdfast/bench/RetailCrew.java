package dev.holdfast.bench;

import dev.holdfast.examples.RetailBase;
import dev.holdfast.examples.RetailEpisode;
import dev.holdfast.examples.RetailScript;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;

/** Two workers for each processor, each with a stage of its own. */
final class RetailCrew {
  /** Stores and shops are thrown away after so many jobs, so that the disk need not grow. */
  private static final int JOBS_PER_STAGE_MAX = 500;

  /** A worker waits for its store's writer much of its time. */
  private static final int WORKERS_PER_PROCESSOR = 2;

  /** Something to be played on a stage. */
  @FunctionalInterface
  interface Job {
    void perform(RetailStage stage) throws InterruptedException;
  }

  private final Path folder;
  private final RetailBase base;
  private final List<RetailScript> scripts;
  private final RetailEpisode.Tools tools;
  private final AtomicInteger stages = new AtomicInteger();

  RetailCrew(Path folder, RetailBase base, List<RetailScript> scripts, RetailEpisode.Tools tools) {
    this.folder = folder;
    this.base = base;
    this.scripts = List.copyOf(scripts);
    this.tools = tools;
  }

  /** Performs the jobs and returns once all are done; the first exception ends them all. */
  void perform(List<Job> jobs) throws IOException, InterruptedException {
    Queue<Job> queue = new ConcurrentLinkedQueue<>(jobs);
    List<FutureTask<Void>> workers = new ArrayList<>();
    for (int i = 0; i < WORKERS_PER_PROCESSOR * Runtime.getRuntime().availableProcessors(); i++) {
      var worker =
          new FutureTask<Void>(() -> {
            work(queue);
            return null;
          });
      Thread.ofPlatform().daemon().name("retail-worker-" + i).start(worker);
      workers.add(worker);
    }
    for (FutureTask<Void> worker : workers) {
      await(worker, queue);
    }
  }

  private static void await(FutureTask<Void> worker, Queue<Job> queue)
      throws IOException, InterruptedException {
    try {
      worker.get();
    } catch (ExecutionException failed) {
      queue.clear();
      switch (failed.getCause()) {
        case IOException e -> throw e;
        case RuntimeException e -> throw e;
        case null, default -> throw new IllegalStateException("A worker failed.", failed);
      }
    }
  }

  private void work(Queue<Job> queue) throws IOException, InterruptedException {
    while (!queue.isEmpty()) {
      Path place = folder.resolve("stage-" + stages.incrementAndGet());
      try (RetailStage stage = new RetailStage(place, base, scripts, tools)) {
        for (int done = 0; done < JOBS_PER_STAGE_MAX; done++) {
          Job job = queue.poll();
          if (job == null) {
            return;
          }
          job.perform(stage);
        }
      } finally {
        Scratch.delete(place);
      }
    }
  }
}
