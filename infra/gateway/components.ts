import * as v from 'valibot'
import * as contract from '#contract'

/** Schemas that mean the same in either direction. Each is written once: Bicep takes no description above 131,072 letters. */
const SHARED = {
  RaceId: contract.RaceId,
  CompetitorId: contract.CompetitorId,
  CourseId: contract.CourseId,
  BoardId: contract.BoardId,
  DeviceId: contract.DeviceId,
  RunId: contract.RunId,
  Bib: contract.Bib,
  Instant: contract.Instant,
  Millis: contract.Millis,
  Count: contract.Count,
  IdempotencyKey: contract.IdempotencyKey,
  Actor: contract.Actor,
  Format: contract.Format,
  Course: contract.Course,
  LapSource: contract.LapSource,
  Phase: contract.Phase,
  Status: contract.Status
}

/** Schemas of what we answer, which has its defaults filled in. */
export const ANSWERED = {
  ...SHARED,
  Problem: contract.Problem,
  RaceSummary: contract.RaceSummary,
  RaceList: contract.RaceList,
  Timetable: contract.Timetable,
  RaceDetail: contract.RaceDetail,
  Row: contract.Row,
  Head: contract.Head,
  RankPage: contract.RankPage,
  BibPage: contract.BibPage,
  LapPage: contract.LapPage,
  Directory: contract.Directory,
  CompetitorDetail: contract.CompetitorDetail,
  Negotiation: contract.Negotiation,
  Seat: contract.Seat,
  Race: contract.Race,
  LapFact: contract.LapFact,
  Fact: contract.Fact,
  ScreenLink: contract.ScreenLink,
  Fleet: contract.Fleet,
  DeviceOutcome: contract.DeviceOutcome,
  FleetOutcome: contract.FleetOutcome,
  LapLine: contract.LapLine,
  TimedLap: contract.TimedLap,
  ReviewItem: contract.ReviewItem,
  Queue: contract.Queue,
  Entry: contract.Entry,
  LedgerPage: contract.LedgerPage,
  Explanation: contract.Explanation,
  BoardAt: contract.BoardAt,
  StartListOutcome: contract.StartListOutcome,
  Person: contract.Person,
  Me: contract.Me,
  ServerTime: contract.ServerTime,
  RaceResults: contract.RaceResults,
  Standing: contract.Standing,
  CourseBoard: contract.CourseBoard,
  PersonalBest: contract.PersonalBest,
  Ghosts: contract.Ghosts,
  Ghost: contract.Ghost,
  Series: contract.Series,
  Operations: contract.Operations
}

/** Schemas of what callers send. */
export const SENT = {
  ...SHARED,
  SeatRequest: contract.SeatRequest,
  RideReading: contract.RideReading,
  GameReading: contract.GameReading,
  RiderBody: contract.RiderBody,
  CarReading: contract.CarReading,
  CarBody: contract.CarBody,
  RegistrationRequest: contract.RegistrationRequest,
  TimetableRequest: contract.Timetable,
  RaceRequest: contract.RaceRequest,
  RacePatch: contract.RacePatch,
  SeriesRequest: contract.SeriesRequest,
  Extension: contract.Extension,
  RunRequest: contract.RunRequest,
  RunEvent: contract.RunEvent,
  LapRequest: contract.LapRequest,
  Retraction: contract.Retraction,
  EntryRequest: contract.EntryRequest,
  Correction: contract.Correction,
  ScreenLinkRequest: contract.ScreenLinkRequest
}

/** Schemas of the parameters in paths, by name. */
export const IN_PATH: Record<string, v.GenericSchema> = {
  raceId: contract.RaceId,
  bib: contract.Bib,
  page: contract.Count,
  runId: contract.RunId,
  deviceId: contract.DeviceId,
  method: contract.DeviceMethod,
  step: contract.Step,
  what: contract.ExportKind,
  courseId: contract.CourseId,
  form: v.picklist(['json', 'csv']),
  competitorId: contract.CompetitorId
}

const text = (maxLength: number) => v.pipe(v.string(), v.minLength(1), v.maxLength(maxLength))

/** Schemas of query parameters, by the names that descriptions give. */
export const IN_QUERY = {
  Phase: contract.Phase,
  Count: contract.Count,
  RaceId: contract.RaceId,
  BoardId: contract.BoardId,
  ClassName: contract.ClassName,
  SearchText: text(40),
  FactId: text(120),
  Instant: contract.Instant,
  Switch: v.boolean()
}
