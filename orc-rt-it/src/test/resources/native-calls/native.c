// SPDX-License-Identifier: Apache-2.0
// The C side of NativeCallsTest: wrapper functions of both forms, and callers of such functions, with threads of its own.
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    union {
        char *pointer;
        char bytes[8];
    } value;
    size_t size;
} Buffer;

typedef void (*Return)(void *session, Buffer result, uint64_t callId);

static char *contentOf(Buffer *buffer) {
    return buffer->size > 8 ? buffer->value.pointer : buffer->value.bytes;
}

static void dispose(Buffer buffer) {
    if (buffer.size > 8 || (buffer.size == 0 && buffer.value.pointer)) {
        free(buffer.value.pointer);
    }
}

static Buffer allocated(size_t size) {
    Buffer buffer = {.value = {.pointer = NULL}, .size = size};
    if (size > 8) {
        buffer.value.pointer = malloc(size);
    }
    return buffer;
}

static Buffer error(const char *text) {
    Buffer buffer = {.value = {.pointer = strdup(text)}, .size = 0};
    return buffer;
}

static void flip(char *to, const char *from, size_t size) {
    for (size_t k = 0; k < size; k++) {
        to[k] = (char)(from[k] ^ 0x5a);
    }
}

static Buffer pattern(size_t size) {
    Buffer buffer = allocated(size);
    for (size_t k = 0; k < size; k++) {
        contentOf(&buffer)[k] = (char)(k * 31 + 1);
    }
    return buffer;
}

// Whether a result is the flipped pattern; frees it.
static int isFlipped(Buffer result, size_t size) {
    int right = result.size == size && !(size == 0 && result.value.pointer);
    for (size_t k = 0; right && k < size; k++) {
        right = contentOf(&result)[k] == (char)((char)(k * 31 + 1) ^ 0x5a);
    }
    dispose(result);
    return right;
}

// ---- wrapper functions ----

Buffer syncFlip(const char *args, size_t size) {
    Buffer result = allocated(size);
    flip(contentOf(&result), args, size);
    return result;
}

Buffer syncError(const char *args, size_t size) {
    (void)args;
    (void)size;
    return error("no luck today");
}

// Answers before it returns, with the block that it got.
void asyncFlip(void *session, Buffer args, Return ret, uint64_t callId) {
    flip(contentOf(&args), contentOf(&args), args.size);
    ret(session, args, callId);
}

void asyncError(void *session, Buffer args, Return ret, uint64_t callId) {
    dispose(args);
    ret(session, error("no luck today"), callId);
}

typedef struct {
    void *session;
    Buffer buffer;
    Return ret;
    uint64_t callId;
} Kept;

static void *answerLater(void *argument) {
    Kept *kept = argument;
    asyncFlip(kept->session, kept->buffer, kept->ret, kept->callId);
    free(kept);
    return NULL;
}

// Answers from a thread of C, perhaps after it returned.
void asyncFlipLater(void *session, Buffer args, Return ret, uint64_t callId) {
    Kept *kept = malloc(sizeof *kept);
    *kept = (Kept){session, args, ret, callId};
    pthread_t thread;
    pthread_create(&thread, NULL, answerLater, kept);
    pthread_detach(thread);
}

void asyncTwice(void *session, Buffer args, Return ret, uint64_t callId) {
    Buffer again = allocated(args.size);
    flip(contentOf(&again), contentOf(&args), args.size);
    asyncFlip(session, args, ret, callId);
    ret(session, again, callId);
}

static Kept unanswered;

// Answers when answerKept is called.
void asyncKeep(void *session, Buffer args, Return ret, uint64_t callId) {
    unanswered = (Kept){session, args, ret, callId};
}

void answerKept(void) {
    asyncFlip(unanswered.session, unanswered.buffer, unanswered.ret, unanswered.callId);
}

// ---- functions that stay inside until they are let go ----

static pthread_mutex_t doorLock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t doorMoved = PTHREAD_COND_INITIALIZER;
static int inside;
static int open;

void standInside(void) {
    pthread_mutex_lock(&doorLock);
    inside++;
    while (!open) {
        pthread_cond_wait(&doorMoved, &doorLock);
    }
    inside--;
    pthread_mutex_unlock(&doorLock);
}

void openDoor(long isOpen) {
    pthread_mutex_lock(&doorLock);
    open = isOpen != 0;
    pthread_cond_broadcast(&doorMoved);
    pthread_mutex_unlock(&doorLock);
}

long howManyInside(void) {
    pthread_mutex_lock(&doorLock);
    long count = inside;
    pthread_mutex_unlock(&doorLock);
    return count;
}

void asyncStuck(void *session, Buffer args, Return ret, uint64_t callId) {
    standInside();
    asyncFlip(session, args, ret, callId);
}

// ---- callers; each returns how many answers were wrong ----

typedef struct {
    pthread_mutex_t lock;
    pthread_cond_t told;
    int answers;
    Buffer result;
    pthread_t thread;
    void *session;
} Box;

static void put(Box *box, void *session, Buffer result) {
    pthread_mutex_lock(&box->lock);
    box->answers++;
    box->result = result;
    box->thread = pthread_self();
    box->session = session;
    pthread_cond_signal(&box->told);
    pthread_mutex_unlock(&box->lock);
}

static void await(Box *box) {
    pthread_mutex_lock(&box->lock);
    while (box->answers == 0) {
        pthread_cond_wait(&box->told, &box->lock);
    }
    pthread_mutex_unlock(&box->lock);
}

static void putById(void *session, Buffer result, uint64_t callId) {
    put((Box *)(uintptr_t)callId, session, result);
}

static void putByContext(void *session, Buffer result, void *context) {
    put(context, session, result);
}

#define EMPTY_BOX {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0, {{NULL}, 0}, 0, NULL}

long callSync(Buffer (*function)(const char *, size_t), size_t size, long times) {
    long wrong = 0;
    for (long k = 0; k < times; k++) {
        Buffer args = pattern(size);
        wrong += !isFlipped(function(contentOf(&args), size), size);
        dispose(args);
    }
    return wrong;
}

typedef void (*Async)(void *session, Buffer args, Return ret, uint64_t callId);

long callAsync(Async function, size_t size, long times) {
    long wrong = 0;
    for (long k = 0; k < times; k++) {
        Box box = EMPTY_BOX;
        function(&box, pattern(size), putById, (uint64_t)(uintptr_t)&box);
        await(&box);
        wrong += !isFlipped(box.result, size) || box.session != &box;
    }
    return wrong;
}

typedef void (*CallController)(void *session, void *tag, Buffer args, void (*ret)(void *, Buffer, void *), void *context);

static CallController callController;

void useController(CallController function) {
    callController = function;
}

long askController(void *session, void *tag, size_t size, long times) {
    long wrong = 0;
    for (long k = 0; k < times; k++) {
        Box box = EMPTY_BOX;
        callController(session, tag, pattern(size), putByContext, &box);
        await(&box);
        wrong += !isFlipped(box.result, size) || box.session != session;
    }
    return wrong;
}

// The error text that the controller's handler, or somebody in its place, answers with; to be freed. NULL if it is none.
char *errorOfController(void *session, void *tag, Buffer args, long *onOwnThread) {
    Box box = EMPTY_BOX;
    callController(session, tag, args, putByContext, &box);
    await(&box);
    *onOwnThread = pthread_equal(box.thread, pthread_self()) != 0;
    if (box.result.size != 0) {
        dispose(box.result);
        return NULL;
    }
    return box.result.value.pointer;
}

char *errorOfCall(void *session, void *tag, long *onOwnThread) {
    return errorOfController(session, tag, pattern(100), onOwnThread);
}

char *errorOfError(void *session, void *tag, long *onOwnThread) {
    return errorOfController(session, tag, error("already wrong"), onOwnThread);
}

// A ret that stays inside.
static void putInside(void *session, Buffer result, void *context) {
    standInside();
    putByContext(session, result, context);
}

static Box stuckBox = EMPTY_BOX;

void askAndStayInside(void *session, void *tag) {
    callController(session, tag, pattern(100), putInside, &stuckBox);
}

// ---- the same from a thread of C ----

typedef struct {
    long (*caller)(void *, size_t, long);
    void *function;
    size_t size;
    long times;
} Order;

static void *carryOut(void *argument) {
    Order *order = argument;
    return (void *)order->caller(order->function, order->size, order->times);
}

long onThread(long (*caller)(void *, size_t, long), void *function, size_t size, long times) {
    Order order = {caller, function, size, times};
    pthread_t thread;
    void *wrong = (void *)1;
    if (pthread_create(&thread, NULL, carryOut, &order) == 0) {
        pthread_join(thread, &wrong);
    }
    return (long)wrong;
}

typedef struct {
    void *session;
    void *tag;
    size_t size;
    long times;
} Question;

static void *askIt(void *argument) {
    Question *question = argument;
    return (void *)askController(question->session, question->tag, question->size, question->times);
}

long askOnThread(void *session, void *tag, size_t size, long times) {
    Question question = {session, tag, size, times};
    pthread_t thread;
    void *wrong = (void *)1;
    if (pthread_create(&thread, NULL, askIt, &question) == 0) {
        pthread_join(thread, &wrong);
    }
    return (long)wrong;
}
